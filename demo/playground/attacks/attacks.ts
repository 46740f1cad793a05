/** What the hostile plugin can do, in words. */

export interface Attack {
  readonly functionName: string;
  readonly title: string;
  readonly detail: string;
  readonly timeoutMs: number;
}

/** Of an attack that ends only by it. */
const SHORT_MS = 500;
/** Of one that ends by itself, also on a slow phone. */
const LONG_MS = 5000;

export const ATTACKS: readonly Attack[] = [
  {
    functionName: "loop_forever",
    title: "Loop forever",
    detail: "It never returns. The time limit interrupts it.",
    timeoutMs: SHORT_MS,
  },
  {
    functionName: "take_memory",
    title: "Take all memory",
    detail: "It grows until nothing is left. The limit of 64 MB is where that is.",
    timeoutMs: LONG_MS,
  },
  {
    functionName: "overflow_stack",
    title: "Overflow the stack",
    detail: "It calls itself without an end.",
    timeoutMs: LONG_MS,
  },
  {
    functionName: "forge_buffer",
    title: "Forge a buffer",
    detail: "It returns an address outside of its memory.",
    timeoutMs: LONG_MS,
  },
  {
    functionName: "forge_length",
    title: "Forge a length",
    detail: "It returns a text that claims to be 4 GB long.",
    timeoutMs: LONG_MS,
  },
  {
    functionName: "flood_output",
    title: "Flood the output",
    detail: "It prints without an end. What is over 1 MB is dropped.",
    timeoutMs: SHORT_MS,
  },
];

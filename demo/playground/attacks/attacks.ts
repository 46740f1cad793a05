/** What the hostile plugin can do, in words. */

export interface Attack {
  readonly functionName: string;
  readonly title: string;
  readonly detail: string;
}

export const ATTACKS: readonly Attack[] = [
  {
    functionName: "loop_forever",
    title: "Loop forever",
    detail: "It never returns. The time limit interrupts it.",
  },
  {
    functionName: "take_memory",
    title: "Take all memory",
    detail: "It grows until nothing is left. The limit of 64 MB is where that is.",
  },
  {
    functionName: "overflow_stack",
    title: "Overflow the stack",
    detail: "It calls itself without an end.",
  },
  {
    functionName: "forge_buffer",
    title: "Forge a buffer",
    detail: "It returns an address outside of its memory.",
  },
  {
    functionName: "forge_length",
    title: "Forge a length",
    detail: "It returns a text that claims to be 4 GB long.",
  },
  {
    functionName: "flood_output",
    title: "Flood the output",
    detail: "It prints without an end. What is over 1 MB is dropped.",
  },
];

/** What a recording needs of the clock and of randomness: values that a replay can make again. */

import type { ClockOption, RandomOption } from "../../protocol/start-options.ts";
import { invalid } from "../../wording/invalid-value.ts";

/** How far a made-up clock advances each time it is read: as far as a guest that measures expects. */
const CLOCK_STEP_NS = 1_000_000;

/** The given clock and randomness, or made-up ones. @throws {TypeError} for the browser's */
export function repeatable({
  clock,
  random,
}: {
  readonly clock: ClockOption | undefined;
  readonly random: RandomOption | undefined;
}): { readonly clock: ClockOption; readonly random: RandomOption } {
  const reason = "cannot be recorded (leave it out, or give the values)";
  if (clock === "browser") throw invalid("options.clock", reason);
  if (random === "browser") throw invalid("options.random", reason);
  return {
    clock: clock ?? { startMs: Date.now(), stepNs: CLOCK_STEP_NS },
    random: random ?? { seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0 },
  };
}

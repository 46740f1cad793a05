/** Chooses how a guest is interrupted: the browser, the page's headers and the source limit the choice. */

import { PluginLoadError } from "../../errors.ts";
import type { Limits } from "../../limits.ts";
import type { Interruption } from "../../rewrite/form.ts";
import { SEE_DOCTOR } from "../../wording/see-doctor.ts";
import { type FlagAddress, takeFlagAddress } from "./flag-memory.ts";

/**
 * How a guest that does not return is interrupted, see {@link Interruption}.
 *
 * `"auto"` uses `"epoch"` where it is available, otherwise `"fuel"`; also `"fuel"` where `limits.fuel` is
 * set, and `"terminate"` for a compiled `WebAssembly.Module`, which cannot be rewritten. A named way is
 * used, or loading fails.
 */
export type InterruptionChoice = "auto" | Interruption;

/** The choice, and what it needs. */
export interface ChosenInterruption {
  readonly interruption: Interruption;
  /** For `"epoch"`: the address to compile the module for, where it is not compiled yet. */
  readonly flagAddress: FlagAddress | undefined;
}

/** @throws {PluginLoadError} when the named way is not available, with what it needs. */
export function chooseInterruption(
  request: InterruptionChoice,
  {
    pluginName,
    limits,
    isCompiled,
    canShareMemory,
  }: {
    readonly pluginName: string;
    readonly limits: Limits;
    readonly isCompiled: boolean;
    readonly canShareMemory: boolean;
  },
): ChosenInterruption {
  const refused = (needs: string) =>
    new PluginLoadError(
      `Cannot load plugin "${pluginName}": interruption "${request}" needs ${needs}`,
      { pluginName },
    );
  const isMetered = limits.fuel !== Infinity;
  if (isCompiled) {
    if (request === "epoch" || request === "fuel") throw refused("the module's bytes to rewrite");
    if (isMetered) throw refused("the module's bytes to rewrite for limits.fuel");
    return { interruption: "terminate", flagAddress: undefined };
  }
  if (isMetered && (request === "epoch" || request === "terminate"))
    throw refused('to be "fuel" for limits.fuel');
  if (request === "terminate") return { interruption: request, flagAddress: undefined };
  if (request === "fuel" || isMetered) return { interruption: "fuel", flagAddress: undefined };

  const isPossible = canShareMemory && hasMultipleMemories();
  const flagAddress = isPossible ? takeFlagAddress() : undefined;
  if (flagAddress !== undefined) return { interruption: "epoch", flagAddress };
  if (request === "auto") return { interruption: "fuel", flagAddress };
  throw refused(
    isPossible
      ? "a slot in the flag memory, and none is left"
      : `a cross-origin isolated page and a browser with multiple memories${SEE_DOCTOR}`,
  );
}

/** (module (memory 0) (memory 0)) */
const TWO_MEMORIES = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x05, 0x05, 0x02, 0x00, 0x00, 0x00, 0x00],
]);

/** Whether this engine has what `"epoch"` needs besides shared memory. */
export function hasMultipleMemories(): boolean {
  return WebAssembly.validate(TWO_MEMORIES);
}

/** Chooses how a guest is interrupted, from what the browser, the page's headers and the source allow. */

import { PluginLoadError } from "../../errors.ts";
import type { Limits } from "../../limits.ts";
import type { Interruption } from "../../rewrite/form.ts";
import { type FlagPlace, takeFlagPlace } from "./flag-memory.ts";

/**
 * How a guest that does not return is interrupted, see {@link Interruption}.
 *
 * `"auto"` takes `"epoch"` where it can, otherwise `"fuel"`; `"fuel"` too where `limits.fuel` is set,
 * and `"terminate"` for a compiled `WebAssembly.Module`, which nobody can look into. Naming one takes
 * that one or fails.
 */
export type InterruptionChoice = "auto" | Interruption;

/** What was chosen. */
export interface ChosenInterruption {
  readonly interruption: Interruption;
  /** For `"epoch"`. */
  readonly flagPlace: FlagPlace | undefined;
}

/** @throws {PluginLoadError} when what was named cannot be had, saying what it needs. */
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
    return { interruption: "terminate", flagPlace: undefined };
  }
  if (isMetered && (request === "epoch" || request === "terminate"))
    throw refused('to be "fuel" for limits.fuel');
  if (request === "terminate") return { interruption: request, flagPlace: undefined };
  if (request === "fuel" || isMetered) return { interruption: "fuel", flagPlace: undefined };

  const isPossible = canShareMemory && hasMultipleMemories();
  const flagPlace = isPossible ? takeFlagPlace() : undefined;
  if (flagPlace !== undefined) return { interruption: "epoch", flagPlace };
  if (request === "auto") return { interruption: "fuel", flagPlace };
  throw refused(
    isPossible
      ? "a place in the flag memory, and there is no room for one more"
      : "a cross-origin isolated page and a browser with multiple memories",
  );
}

/** (module (memory 0) (memory 0)) */
const TWO_MEMORIES = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x05, 0x05, 0x02, 0x00, 0x00, 0x00, 0x00],
]);

function hasMultipleMemories(): boolean {
  return WebAssembly.validate(TWO_MEMORIES);
}

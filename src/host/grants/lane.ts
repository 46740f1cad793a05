/** Chooses how calls travel between the page and the plugin's worker. */

import { PluginLoadError } from "../../errors.ts";
import { SEE_DOCTOR } from "../../wording/see-doctor.ts";

/**
 * How calls travel.
 *
 * - `"shared-memory"`: small calls and results stand in memory that the page and the worker share, which
 *   is several times as fast as a message. Needs a cross-origin isolated page and interruption `"epoch"`.
 * - `"messages"`: all calls of one task in one message. Works everywhere.
 */
export type LaneKind = "messages" | "shared-memory";

/** `"auto"` uses shared memory where it can be used. */
export type Lane = "auto" | LaneKind;

/**
 * @param canShare Whether the page and the worker share memory, and the guest is interrupted by it: a
 *   worker that waits there handles no message.
 * @throws {PluginLoadError} when shared memory is asked for and can't be used.
 */
export function chooseLane(request: Lane, pluginName: string, canShare: boolean): LaneKind {
  const isAvailable = canShare && typeof Atomics.waitAsync === "function";
  if (request === "messages" || (request === "auto" && !isAvailable)) return "messages";
  if (isAvailable) return "shared-memory";
  throw new PluginLoadError(
    `Cannot load plugin "${pluginName}": lane "shared-memory" needs a cross-origin isolated page, a browser with Atomics.waitAsync, and interruption "epoch" (use "messages" or "auto")${SEE_DOCTOR}`,
    { pluginName },
  );
}

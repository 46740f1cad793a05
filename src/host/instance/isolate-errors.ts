/** What is said of a worker that is gone, or does not do what it should. */

import { PluginClosedError, PluginLoadError, PluginTimeoutError } from "../../errors.ts";
import { SEE_DOCTOR } from "../../wording/see-doctor.ts";

/** @param found What has happened to it. */
export function lostError(pluginName: string, found: string): PluginClosedError {
  return new PluginClosedError(`Plugin "${pluginName}" is gone: ${found}`, { pluginName });
}

/** @param reason Why its worker did not start. */
export function startError(pluginName: string, reason: string, cause: unknown): PluginLoadError {
  return new PluginLoadError(
    `Cannot start the worker of plugin "${pluginName}": ${reason}${SEE_DOCTOR}`,
    { pluginName, cause },
  );
}

/** @param callMs The limit: how long it has not replied. */
export function unresponsiveError(pluginName: string, callMs: number): PluginTimeoutError {
  return new PluginTimeoutError(
    `Plugin "${pluginName}" stopped responding (no reply for ${callMs} ms, limits.callMs)`,
    { pluginName, timeoutMs: callMs },
  );
}

/** What errors say of a run of the guest: its start, a call, or the run of a command. */

import { PluginTimeoutError } from "../errors.ts";

/** The call of a guest function. The others are `"Start"` and `"Run"`. */
export function callOf(name: string): string {
  return `Call "${name}"`;
}

/** The error of a run that took too long, whether the page or the worker has noticed it. */
export function timeoutError(
  run: string,
  pluginName: string,
  timeoutMs: number,
): PluginTimeoutError {
  return new PluginTimeoutError(
    `${run} of plugin "${pluginName}" timed out after ${timeoutMs} ms`,
    {
      pluginName,
      timeoutMs,
    },
  );
}

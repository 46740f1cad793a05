import {
  PluginExitError,
  PluginLimitError,
  PluginTimeoutError,
  PluginTrapError,
} from "../errors.ts";

/** Whether an instance that failed with this error cannot be used again: its stack was cut off in the middle. */
export function isFatal(
  error: unknown,
): error is PluginTrapError | PluginExitError | PluginTimeoutError | PluginLimitError {
  return (
    error instanceof PluginTrapError ||
    error instanceof PluginExitError ||
    error instanceof PluginTimeoutError ||
    (error instanceof PluginLimitError && error.limit === "fuel")
  );
}

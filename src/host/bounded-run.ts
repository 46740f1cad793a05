/** Runs something on an isolate within a time and until a signal: past either, the isolate is gone. */

import { PluginTimeoutError } from "../errors.ts";
import type { Isolate } from "./isolate.ts";

export interface Bounds {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** What is being done, for the error: `finish call "double"`. */
  readonly doing: string;
}

/**
 * @throws {PluginTimeoutError} when it takes longer than `timeoutMs`.
 * @throws the signal's reason when that aborts, and whatever `run` rejects with.
 */
export function boundedRun<T>(
  isolate: Isolate,
  { signal, timeoutMs, doing }: Bounds,
  run: () => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onTimeout = () => {
      const { pluginName } = isolate;
      const error = new PluginTimeoutError(
        `Cannot ${doing} of plugin "${pluginName}": still running after ${timeoutMs} ms, expected an answer by then`,
        { pluginName, timeoutMs },
      );
      reject(error);
      isolate.terminate({ kind: "failed", error });
    };
    const onAbort = () => {
      reject(signal?.reason);
      isolate.terminate({ kind: "terminated", reason: signal?.reason });
    };
    const cancelDeadline = isolate.deadline.set(timeoutMs, onTimeout);
    signal?.addEventListener("abort", onAbort, { once: true });
    run()
      .then(resolve, reject)
      .finally(() => {
        cancelDeadline();
        signal?.removeEventListener("abort", onAbort);
      });
  });
}

/** Runs something on an isolate within a time and until a signal: past either, the isolate is gone. */

import { PluginTimeoutError } from "../../errors.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import type { Isolate } from "./isolate.ts";

export interface Bounds {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** What is being done, for the error: `finish call "double"`. */
  readonly doing: string;
}

/** @throws {TypeError} when a caller gives a time that is none. `Infinity` is one. */
export function checkTimeout(timeoutMs: unknown): void {
  if (timeoutMs === undefined || (typeof timeoutMs === "number" && timeoutMs >= 0)) return;
  throw new TypeError(
    `Cannot set timeoutMs "${describeThrown(timeoutMs)}": no time, expected a number from 0`,
  );
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
  if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
  // It rejects at once, and a timer that nobody stops would keep all of this for as long.
  if (isolate.reason !== undefined) return run();
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

/** Runs a guest until its time is up or a signal aborts: then its isolate is terminated. */

import { timeoutError } from "../../wording/guest-run.ts";
import type { CloseReason } from "../events/close-reason.ts";
import type { Deadline } from "../time/deadline.ts";

/** What a guest runs in: an `Isolate`. */
interface RunPlace {
  readonly pluginName: string;
  readonly reason: CloseReason | undefined;
  readonly deadline: Deadline;
  /** Resolves when the guest is stopped and all that it wrote has been heard. Never rejects. */
  stop(reason: CloseReason): Promise<void>;
}

export interface RunBounds {
  /** What runs, for the error: see `wording/guest-run.ts`. */
  readonly run: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * @throws {PluginTimeoutError} when it takes longer than `timeoutMs`.
 * @throws the signal's reason when that aborts, and whatever `run` rejects with.
 */
export function boundedRun<T>(
  isolate: RunPlace,
  { run: name, timeoutMs, signal }: RunBounds,
  run: () => Promise<T>,
): Promise<T> {
  if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
  // It rejects at once, and nobody would stop the timer.
  if (isolate.reason !== undefined) return run();
  return new Promise<T>((resolve, reject) => {
    let isStopped = false;
    const stop = (reason: CloseReason, error: unknown) => {
      isStopped = true;
      void isolate.stop(reason).then(() => reject(error));
    };
    const onTimeout = () => {
      const error = timeoutError(name, isolate.pluginName, timeoutMs);
      stop({ kind: "failed", error }, error);
    };
    const onAbort = () => {
      stop({ kind: "terminated", reason: signal?.reason }, signal?.reason);
    };
    const cancelDeadline = isolate.deadline.set(timeoutMs, onTimeout);
    signal?.addEventListener("abort", onAbort, { once: true });
    const settle = (outcome: () => void) => {
      cancelDeadline();
      signal?.removeEventListener("abort", onAbort);
      if (!isStopped) outcome();
    };
    run().then(
      (result) => settle(() => resolve(result)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}

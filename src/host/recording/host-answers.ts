import type { HostAnswer, HostRequest } from "../../protocol/messages.ts";

/** What answers the host calls of one instance. */
export interface HostAnswers {
  /** Never rejects. */
  answer(request: HostRequest): Promise<HostAnswer>;
  /**
   * Ends a run of the guest, once.
   *
   * @param error What it has failed with from the worker's view, or `undefined`.
   * @returns What it has failed with from the page's view, or `undefined`.
   */
  endRun(run: number, error?: unknown): unknown;
}

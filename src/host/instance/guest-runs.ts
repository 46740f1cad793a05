/** The runs of one worker's guest: its start, and then each call, or the command. */

import type { HostAnswer, HostRequest } from "../../protocol/messages.ts";
import type { HostAnswers } from "../recording/host-answers.ts";

/** Numbers runs as the worker does, and ties each to the host functions that it calls. */
export class GuestRuns {
  #count = 0;
  /** The start or the command, while it runs: they are no calls. */
  #own: number | undefined;
  #lastBegun = -1;
  #hostFunctions: HostAnswers | undefined;
  #unanswered = 0;

  /** The last run that is known to have begun, since it has called the page; -1 for none. */
  get lastBegun(): number {
    return this.#lastBegun;
  }

  /** Whether the guest waits for an answer of the page. */
  get isWaiting(): boolean {
    return this.#unanswered > 0;
  }

  /** Returns the number of a run that is about to be asked for. */
  begin(): number {
    return this.#count++;
  }

  /** The same for the start or the command. */
  beginOwn(): number {
    this.#own = this.begin();
    return this.#own;
  }

  /** Whether this is the start or the command that runs. */
  isOwn(run: number): boolean {
    return run === this.#own;
  }

  /**
   * Ends a run, once.
   *
   * @param error What it has failed with, or `undefined`.
   * @returns What it has failed with from the page's view: see `HostAnswers.endRun`.
   */
  end(run: number, error?: unknown): unknown {
    if (run === this.#own) this.#own = undefined;
    return this.#hostFunctions === undefined ? error : this.#hostFunctions.endRun(run, error);
  }

  /** Returns what answers the guest's host calls. */
  answerWith(hostFunctions: HostAnswers): (request: HostRequest) => Promise<HostAnswer> {
    this.#hostFunctions = hostFunctions;
    return async (request) => {
      if (request.kind === "function") this.#lastBegun = Math.max(this.#lastBegun, request.run);
      this.#unanswered += 1;
      try {
        return await hostFunctions.answer(request);
      } finally {
        this.#unanswered -= 1;
      }
    };
  }
}

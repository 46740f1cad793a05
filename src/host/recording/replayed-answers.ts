/** Answers a guest's host calls with what a recording has. */

import type { HostAnswer, HostRequest } from "../../protocol/messages.ts";
import type { HostAnswers } from "./host-answers.ts";
import { decodeBytes, encodeBytes, type RecordedAnswer } from "./recording.ts";

export class ReplayedAnswers implements HostAnswers {
  readonly #names: readonly string[];
  readonly #answers: readonly RecordedAnswer[];
  readonly #onDifference: (recorded: string, replayed: string) => void;
  #next = 0;

  /** @param onDifference Told of a host call that is not the one that was recorded. */
  constructor(
    names: readonly string[],
    answers: readonly RecordedAnswer[],
    onDifference: (recorded: string, replayed: string) => void,
  ) {
    this.#names = names;
    this.#answers = answers;
    this.#onDifference = onDifference;
  }

  /** What was recorded and not asked for. */
  get left(): readonly RecordedAnswer[] {
    return this.#answers.slice(this.#next);
  }

  async answer(request: HostRequest): Promise<HostAnswer> {
    const isFunction = request.kind === "function";
    const functionName = isFunction ? (this.#names[request.index] ?? "") : null;
    const args = isFunction ? encodeBytes(request.args) : "";
    const recorded = this.#answers[this.#next];
    if (recorded?.functionName !== functionName || recorded.args !== args) {
      this.#onDifference(describeAsked(recorded), describeAsked({ functionName, args }));
      return undefined;
    }
    this.#next += 1;
    // The guest was stopped while it waited, which the replay does too.
    if (recorded.answer === undefined) return new Promise(() => {});
    return recorded.answer === null ? undefined : decodeBytes(recorded.answer);
  }

  endRun(_run: number, error?: unknown): unknown {
    return error;
  }
}

export function describeAsked(asked: RecordedAnswer | undefined): string {
  if (asked === undefined) return "no host call";
  if (asked.functionName === null) return "a read of stdin";
  return `host call "${asked.functionName}" with ${asked.args}`;
}

/** Answers a guest's host calls with what a recording has. */

import { PluginError } from "../../errors.ts";
import type { HostAnswer, HostRequest } from "../../protocol/messages.ts";
import { base64Of } from "../../schema/json/base64.ts";
import type { CheckedRecording } from "./check-recording.ts";
import { describeHostCall } from "./differences.ts";
import type { HostAnswers } from "./host-answers.ts";
import { decodeBytes } from "./recording.ts";

export class ReplayedAnswers implements HostAnswers {
  readonly #recording: CheckedRecording;
  readonly #onDifference: (recorded: string, replayed: string) => void;
  #next = 0;
  #hasDiverged = false;
  #stdinFailure: PluginError | undefined;

  /**
   * @param onDifference Told of the first host call that is not the one that was recorded. What follows
   *   comes of that, and a guest may go on for ever.
   */
  constructor(
    recording: CheckedRecording,
    onDifference: (recorded: string, replayed: string) => void,
  ) {
    this.#recording = recording;
    this.#onDifference = onDifference;
  }

  /** Tells of the first answer that was recorded and not asked for. */
  end(): void {
    const { answers, isComplete, steps } = this.#recording;
    const left = answers[this.#next];
    const isWhole =
      isComplete && steps.every((step) => step.type === "files" || step.end !== undefined);
    if (left === undefined || this.#hasDiverged || !isWhole) return;
    this.#onDifference(describeHostCall(left), describeHostCall(undefined));
  }

  async answer(request: HostRequest): Promise<HostAnswer> {
    const { hostFunctions, answers, isComplete, pluginName } = this.#recording;
    const isFunction = request.kind === "function";
    const functionName = isFunction ? (hostFunctions[request.index] ?? "") : null;
    const args = isFunction ? base64Of(request.args) : "";
    const recorded = answers[this.#next];
    const isSame = recorded?.functionName === functionName && recorded.args === args;
    if (!isSame || this.#hasDiverged) {
      const isLeftOut = recorded === undefined && !isComplete;
      if (!this.#hasDiverged && !isLeftOut) {
        this.#onDifference(describeHostCall(recorded), describeHostCall({ functionName, args }));
      }
      this.#hasDiverged = true;
      return undefined;
    }
    this.#next += 1;
    // The guest was stopped while it waited, which the replay does too.
    if (recorded.answer === undefined) return new Promise(() => {});
    if (recorded.answer !== null) return decodeBytes(recorded.answer);
    if (!isFunction) {
      const message = `Cannot read stdin of plugin "${pluginName}": it failed in the recording`;
      this.#stdinFailure ??= new PluginError(message, { pluginName });
    }
    return undefined;
  }

  /** As `HostFunctionTable.endRun`: what a guest has made of a failed standard input is no result. */
  endRun(_run: number, error?: unknown): unknown {
    const reason = this.#stdinFailure ?? error;
    this.#stdinFailure = undefined;
    return reason;
  }
}

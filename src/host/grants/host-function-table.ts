/** What a guest asks of the page, and the answers. */

import { Decoder, Encoder } from "../../codec/message.ts";
import { PluginError, PluginHostFunctionError } from "../../errors.ts";
import type { Limits } from "../../limits.ts";
import type { HostAnswer, HostRequest } from "../../protocol/messages.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import { type HostCallWatch, watchHostCall } from "../events/call-watch.ts";
import type { EventHub } from "../events/event-hub.ts";
import type { HostAnswers } from "../recording/host-answers.ts";
import type { HandleTable } from "./handle-table.ts";
import type { HostCallContext, HostFunction } from "./host-function.ts";
import type { LentFunctions } from "./lent-functions.ts";

/** What one guest may ask of the page: host functions by their index, and standard input. */
export class HostFunctionTable implements HostAnswers {
  readonly #functions: readonly (readonly [name: string, HostFunction | undefined])[];
  readonly #readStdin: (() => Promise<Uint8Array>) | undefined;
  readonly #pluginName: string;
  readonly #events: EventHub;
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  /** The runs of the guest that have called host functions and are not over, by their numbers. */
  readonly #runs: Map<number, GuestRun> = new Map();
  #stdinFailure: PluginError | undefined;

  /**
   * @param lent The functions, by the numbers of their names.
   * @param readStdin Reads standard input, where that is on the page.
   */
  constructor(
    { names, functions }: Pick<LentFunctions, "names" | "functions">,
    readStdin: (() => Promise<Uint8Array>) | undefined,
    pluginName: string,
    limits: Limits,
    events: EventHub,
    handles?: HandleTable,
  ) {
    this.#functions = names.map((name) => [name, functions.get(name)] as const);
    this.#readStdin = readStdin;
    this.#pluginName = pluginName;
    this.#events = events;
    this.#encoder = new Encoder(limits, { handles });
    this.#decoder = new Decoder(limits, handles);
  }

  /**
   * Ends a run of the guest, and so the signal of its host calls.
   *
   * @param error What it has failed with, or `undefined`.
   * @returns What it has failed with from the page's view, or `undefined`: the page knows why a host
   *   function or standard input has failed, and the worker does not. Whatever the guest has made of a
   *   failed standard input is no result.
   */
  endRun(number: number, error?: unknown): unknown {
    const run = this.#runs.get(number);
    const stdinFailure = this.#stdinFailure;
    this.#stdinFailure = undefined;
    if (run === undefined) return stdinFailure ?? error;
    this.#runs.delete(number);
    const failure = error instanceof PluginHostFunctionError ? run.failure : undefined;
    const reason = stdinFailure ?? failure ?? error;
    run.end(reason);
    return reason;
  }

  /** Answers one call of the guest. Never rejects. */
  async answer(request: HostRequest): Promise<HostAnswer> {
    if (request.kind === "stdin") return this.#answerStdin();
    const { index, args, run: number } = request;
    const entry = this.#functions[index];
    if (entry === undefined) return undefined;
    const [functionName, lent] = entry;
    // It does not fit to the plugin, which is about to be refused.
    if (lent === undefined) return undefined;
    const { params, result, call } = lent;
    const run = this.#runs.get(number) ?? new GuestRun();
    this.#runs.set(number, run);
    let watch: HostCallWatch | undefined;
    try {
      const values = this.#decoder.decode(params, args);
      watch = watchHostCall(this.#events, functionName, values);
      const context: HostCallContext = { signal: run.signal, pluginName: this.#pluginName };
      const given = await call(...([...values, context] as never[]));
      const answer = this.#encoder.encode(result, given as never);
      watch?.ended({ ok: true, value: given });
      return answer;
    } catch (cause) {
      const error = new PluginHostFunctionError(
        `Host function "${functionName}" of plugin "${this.#pluginName}" failed: ${describeThrown(cause)}`,
        { pluginName: this.#pluginName, functionName, cause },
      );
      run.failure ??= error;
      watch?.ended({ ok: false, error });
      return undefined;
    }
  }

  async #answerStdin(): Promise<HostAnswer> {
    try {
      const bytes = await this.#readStdin?.();
      // A copy: the bytes are given up on their way to the worker.
      if (bytes !== undefined && this.#events.hears("input")) {
        this.#events.emit({ type: "input", bytes: bytes.slice() });
      }
      return bytes;
    } catch (cause) {
      const pluginName = this.#pluginName;
      const message = `Cannot read stdin of plugin "${pluginName}": ${describeThrown(cause)}`;
      this.#stdinFailure ??= new PluginError(message, { pluginName, cause });
      return undefined;
    }
  }
}

/** One run of the guest, as its host calls see it. */
class GuestRun {
  /** The first failure of a host function. */
  failure: PluginHostFunctionError | undefined;
  readonly #controller: AbortController = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts {@link signal}. @param reason Default: an `AbortError`. */
  end(reason?: unknown): void {
    this.#controller.abort(reason);
  }
}

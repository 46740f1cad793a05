/** Functions of the page that a guest may call. */

import { checkCodec, checkCodecs } from "../../codec/check-codec.ts";
import { type AnyCodec, type Codec, type InputOf, type ValueOf } from "../../codec/codec.ts";
import { Decoder, Encoder } from "../../codec/message.ts";
import { t } from "../../codec/t.ts";
import { PluginError, PluginHostFunctionError } from "../../errors.ts";
import type { Limits } from "../../limits.ts";
import type { HostAnswer, HostRequest } from "../../protocol/messages.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import { invalidValue } from "../../wording/invalid-value.ts";

/** The values that a list of codecs decodes to, in order. */
export type ValuesOf<Params extends readonly AnyCodec[]> = {
  -readonly [Index in keyof Params]: ValueOf<Params[Index]>;
};

/** The values that a list of codecs encodes, in order. */
export type InputsOf<Params extends readonly AnyCodec[]> = {
  -readonly [Index in keyof Params]: InputOf<Params[Index]>;
};

/** A function of the page with the types that the guest calls it by. Made by {@link hostFunction}. */
export interface HostFunction {
  readonly params: Codec<readonly unknown[], never>;
  readonly result: Codec<unknown, never>;
  readonly call: (...args: never[]) => unknown;
}

/** What a host function gets behind its arguments. */
export interface HostCallContext {
  /**
   * Aborts when the guest call that this host call is part of is over, or the start of the plugin. So a
   * host function hears it when its guest has timed out, was aborted or was terminated, and nobody takes
   * its result any more. The reason is the error that the guest call failed with, if it did.
   */
  readonly signal: AbortSignal;
  readonly pluginName: string;
}

/**
 * Lets guests call a function of the page.
 *
 * The guest is suspended until `call` has returned or its promise has settled. When it throws,
 * rejects, or gives a value of the wrong type, the guest call that it serves rejects with a
 * {@link PluginHostFunctionError}; the plugin can be called again. `call` must not wait for another
 * call of the same plugin or for its `close()`: they wait for this one, until its time is up.
 * `terminate()` takes effect at once.
 *
 * @param params The codec of each parameter.
 * @param result The codec of the result.
 * @param call Called with the decoded arguments, which it may keep, and a {@link HostCallContext}.
 * @example
 * hostFunction([t.string], t.bytes, async (url, { signal }) => {
 *   const response = await fetch(url, { signal });
 *   return new Uint8Array(await response.arrayBuffer());
 * })
 */
export function hostFunction<const Params extends readonly AnyCodec[], Result extends AnyCodec>(
  params: Params,
  result: Result,
  call: (
    ...args: [...ValuesOf<Params>, context: HostCallContext]
  ) => InputOf<Result> | Promise<InputOf<Result>>,
): HostFunction {
  const codecs = checkCodecs(params, "params");
  checkCodec(result, "result");
  if (typeof call !== "function") throw invalidValue("call", call, "a function");
  return { params: t.tuple(...codecs) as HostFunction["params"], result, call };
}

/** What one guest may ask of the page: host functions by their index, and standard input. */
export class HostFunctionTable {
  readonly #functions: readonly (readonly [name: string, HostFunction])[];
  readonly #readStdin: (() => Promise<Uint8Array>) | undefined;
  readonly #pluginName: string;
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  /** The runs of the guest that have called host functions and are not over, by their numbers. */
  readonly #runs: Map<number, GuestRun> = new Map();
  #stdinFailure: PluginError | undefined;

  /**
   * @param names The imported ones, each of which `functions` has as its own property.
   * @param readStdin Reads standard input, where that is on the page.
   */
  constructor(
    names: readonly string[],
    functions: Readonly<Record<string, HostFunction>>,
    readStdin: (() => Promise<Uint8Array>) | undefined,
    pluginName: string,
    limits: Limits,
  ) {
    this.#functions = names.map((name) => [name, functions[name] as HostFunction] as const);
    this.#readStdin = readStdin;
    this.#pluginName = pluginName;
    this.#encoder = new Encoder(limits);
    this.#decoder = new Decoder(limits);
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
    const [functionName, { params, result, call }] = entry;
    const run = this.#runs.get(number) ?? new GuestRun();
    this.#runs.set(number, run);
    try {
      const values = this.#decoder.decode(params, args);
      const context: HostCallContext = { signal: run.signal, pluginName: this.#pluginName };
      const given = await call(...([...values, context] as never[]));
      return this.#encoder.encode(result, given as never);
    } catch (cause) {
      run.failure ??= new PluginHostFunctionError(
        `Host function "${functionName}" of plugin "${this.#pluginName}" failed: ${describeThrown(cause)}`,
        { pluginName: this.#pluginName, functionName, cause },
      );
      return undefined;
    }
  }

  async #answerStdin(): Promise<HostAnswer> {
    try {
      return await this.#readStdin?.();
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

/** Functions of the page that a guest may call. */

import { checkCodec, checkCodecs } from "../../codec/check-codec.ts";
import { type AnyCodec, type Codec, type InputOf, type ValueOf } from "../../codec/codec.ts";
import { decode, Encoder } from "../../codec/message.ts";
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
  readonly #limits: Limits;
  readonly #encoder: Encoder;
  /** The run of the guest whose host calls are answered. */
  #run: GuestRun = new GuestRun();
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
    this.#limits = limits;
    this.#encoder = new Encoder(limits);
  }

  /**
   * Runs the guest. Host calls that it makes meanwhile belong to this run: their signal aborts when it
   * is over, and it rejects with the failure of the first one that failed, if the guest did not return.
   */
  async during<T>(runGuest: () => Promise<T>): Promise<T> {
    const run = new GuestRun();
    this.#run = run;
    try {
      const result = await runGuest();
      run.end();
      return result;
    } catch (error) {
      // The page knows why a host function failed; the worker does not.
      const reason = (error instanceof PluginHostFunctionError ? run.failure : undefined) ?? error;
      run.end(reason);
      throw reason;
    }
  }

  /** Answers one call of the guest. Never rejects. */
  async answer(request: HostRequest): Promise<HostAnswer> {
    if (request.kind === "stdin") return this.#answerStdin();
    const { index, args } = request;
    const entry = this.#functions[index];
    if (entry === undefined) return undefined;
    const [functionName, { params, result, call }] = entry;
    const run = this.#run;
    try {
      const values = decode(params, args, this.#limits);
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

  /** @throws {PluginError} the first failure of standard input that was not thrown yet */
  throwStdinFailure(): void {
    const failure = this.#stdinFailure;
    this.#stdinFailure = undefined;
    if (failure !== undefined) throw failure;
  }
}

/** One run of the guest, as its host calls see it. */
class GuestRun {
  /** The first failure of a host function. */
  failure: PluginHostFunctionError | undefined;
  /** Made for the first host call: most runs make none. */
  #controller: AbortController | undefined;
  #end: { readonly reason: unknown } | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#end !== undefined) this.#controller.abort(this.#end.reason);
    }
    return this.#controller.signal;
  }

  /** Aborts {@link signal}. @param reason Default: an `AbortError`. */
  end(reason?: unknown): void {
    this.#end = { reason };
    this.#controller?.abort(reason);
  }
}

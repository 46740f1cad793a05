/** Functions of the page that a guest may call. */

import { type AnyCodec, type Codec, type InputOf, type ValueOf } from "../../codec/codec.ts";
import { decode, Encoder } from "../../codec/message.ts";
import { t } from "../../codec/t.ts";
import { PluginHostFunctionError } from "../../errors.ts";
import type { Limits } from "../../limits.ts";
import type { HostAnswer, HostRequest } from "../../protocol/messages.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";

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

/**
 * Lets guests call a function of the page.
 *
 * The guest stands still until `call` has returned or its promise has settled. When it throws,
 * rejects, or gives a value of the wrong type, the guest call that it serves rejects with a
 * {@link PluginHostFunctionError}; the plugin lives on. `call` must not wait for another call of the
 * same plugin or for its `close()`: they wait for this one, until its time is up. `terminate()` waits
 * for nothing.
 *
 * @param params The codec of each parameter.
 * @param result The codec of the result.
 * @param call Called with the decoded arguments, which it may keep.
 * @example
 * hostFunction([t.string], t.bytes, async (command) => runInShell(command))
 */
export function hostFunction<const Params extends readonly AnyCodec[], Result extends AnyCodec>(
  params: Params,
  result: Result,
  call: (...args: ValuesOf<Params>) => InputOf<Result> | Promise<InputOf<Result>>,
): HostFunction {
  return { params: t.tuple(...params), result, call };
}

/** What one guest may ask of the page: host functions by their index, and standard input. */
export class HostFunctionTable {
  readonly #functions: readonly (readonly [name: string, HostFunction])[];
  readonly #readStdin: (() => Promise<Uint8Array>) | undefined;
  readonly #pluginName: string;
  readonly #limits: Limits;
  readonly #encoder: Encoder;
  #failure: PluginHostFunctionError | undefined;

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

  /** Answers one call of the guest. Never rejects: a failure is kept for {@link takeFailure}. */
  async answer(request: HostRequest): Promise<HostAnswer> {
    if (request.kind === "stdin") return this.#readStdin?.().catch(() => undefined);
    const { index, args } = request;
    const entry = this.#functions[index];
    if (entry === undefined) return undefined;
    const [functionName, { params, result, call }] = entry;
    try {
      const values = decode(params, args, this.#limits) as never[];
      return this.#encoder.encode(result, (await call(...values)) as never);
    } catch (cause) {
      this.#failure ??= new PluginHostFunctionError(
        `Host function "${functionName}" of plugin "${this.#pluginName}" failed: ${describeThrown(cause)}`,
        { pluginName: this.#pluginName, functionName, cause },
      );
      return undefined;
    }
  }

  /** The first failure since this was last asked: the error that the guest call which met it rejects with. */
  takeFailure(): PluginHostFunctionError | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }
}

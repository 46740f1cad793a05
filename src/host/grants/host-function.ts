/** Functions of the page that a guest may call. */

import { checkCodec, checkCodecs } from "../../codec/check-codec.ts";
import { type AnyCodec, type Codec, type InputOf, type ValueOf } from "../../codec/codec.ts";
import { t } from "../../codec/t.ts";
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
  /** The types of the parameters, as those of one tuple. */
  readonly params: Codec<readonly unknown[], never>;
  /** The type of the result. */
  readonly result: Codec<unknown, never>;
  /** The function of the page. */
  readonly call: (...args: never[]) => unknown;
}

/** A host function as an option has it; a plain one takes its types from the schema of the plugin. */
export type GivenFunction = HostFunction | HostFunction["call"];

/** Functions of any types, by name. */
// A method's parameters are compared both ways, so that functions of other parameters are of this type.
export type UnknownFunctions = {
  readonly [name: string]: { of(...args: unknown[]): unknown }["of"];
};

/**
 * The functions of a page that a plugin calls: made by {@link hostFunction}, or plain ones, typed as in
 * `Functions`, the declarations of a plugin that describes itself. A plain one gets a
 * {@link HostCallContext} behind its arguments too.
 */
export type HostFunctions<Functions = UnknownFunctions> = {
  readonly [Name in keyof Functions]: HostFunction | DeclaredFunction<Functions, Name>;
};

/** One type of function, so that its parameters are inferred. Without declarations it is any function. */
type DeclaredFunction<Functions, Name extends keyof Functions> = string extends keyof Functions
  ? Functions[Name]
  : Functions[Name] extends (...args: infer Args) => infer Result
    ? (...args: [...Args, context: HostCallContext]) => Result
    : never;

/** What a host function gets behind its arguments. */
export interface HostCallContext {
  /**
   * Aborts when the guest call that this host call is part of is over, or the start of the plugin. So a
   * host function hears it when its guest has timed out, was aborted or was terminated, and nobody takes
   * its result any more. The reason is the error that the guest call failed with, if it did.
   */
  readonly signal: AbortSignal;
  /** The name of the plugin that calls. */
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

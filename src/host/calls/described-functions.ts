/** The functions of a plugin, with what its schema says of them. */

import { shownName } from "../../abi/names.ts";
import { checkCodec, checkCodecs } from "../../codec/check-codec.ts";
import type { AnyCodec } from "../../codec/codec.ts";
import { PluginLinkError } from "../../errors.ts";
import { functionDifference } from "../../schema/compare-functions.ts";
import type { FunctionDescription, PluginSchema } from "../../schema/plugin-schema.ts";
import { type FunctionCodecs, SchemaCodecs } from "../../schema/schema-codecs.ts";
import type { UnknownFunctions } from "../grants/host-function.ts";
import { findFunction } from "./find-function.ts";
import { type CallTarget, createGuestFunction, type GuestFunction } from "./guest-function.ts";

/** A function of a plugin, typed as a caller's declarations say. */
export type DescribedFunction<Declared> = Declared extends (...args: infer Args) => infer Result
  ? GuestFunction<Args, Awaited<Result>>
  : never;

/** The functions of a plugin that describes itself. */
export type PluginApi<Functions = UnknownFunctions> = {
  readonly [Name in keyof Functions]: DescribedFunction<Functions[Name]>;
};

/** Any guest function. */
type AnyFunction = GuestFunction<never[], unknown>;

export class DescribedFunctions {
  readonly #target: CallTarget;
  readonly #names: readonly string[];
  readonly #pluginName: string;
  readonly #schema: PluginSchema | undefined;
  readonly #descriptions: ReadonlyMap<string, FunctionDescription>;
  readonly #types: SchemaCodecs | undefined;
  #api: PluginApi | undefined;

  /** @param names All functions that the plugin exports. */
  constructor(target: CallTarget, names: readonly string[], schema: PluginSchema | undefined) {
    this.#target = target;
    this.#names = names;
    this.#pluginName = target.supervisor.pluginName;
    this.#schema = schema;
    this.#descriptions = new Map(schema?.functions.map((each) => [each.name, each]));
    this.#types = schema && new SchemaCodecs(schema);
  }

  /** All functions that the schema has. @throws {PluginLinkError} when there is none */
  get api(): PluginApi {
    this.#api ??= this.#createApi();
    return this.#api;
  }

  /**
   * @param given The codecs, or `undefined` for those of the schema.
   * @throws {PluginLinkError} when there is no such function, or it has other types.
   * @throws {TypeError} for what is no name or no codec.
   */
  find(name: string, given?: { readonly params: unknown; readonly result: unknown }): AnyFunction {
    const index = findFunction(this.#names, name, this.#pluginName);
    const { params, result } =
      given === undefined ? this.#described(name) : this.#compared(name, given);
    return createGuestFunction(this.#target, name, index, params, result);
  }

  #described(name: string): FunctionCodecs {
    const description = this.#descriptions.get(name);
    const codecs = description && this.#types?.ofFunction(description);
    if (codecs !== undefined) return codecs;
    const why =
      description === undefined
        ? "the plugin does not describe it"
        : "the plugin does not describe all its types";
    throw this.#linkError(`Cannot call function "${shownName(name)}" without codecs`, why);
  }

  #compared(name: string, given: { readonly params: unknown; readonly result: unknown }) {
    const params = checkCodecs(given.params, "params");
    checkCodec(given.result, "result");
    const result = given.result as AnyCodec;
    const description = this.#descriptions.get(name);
    if (description === undefined || this.#schema === undefined) return { params, result };
    const types = { params: params.map(({ type }) => type), result: result.type };
    const difference = functionDifference(types, description, this.#schema);
    if (difference === undefined) return { params, result };
    const message = `Cannot link function "${shownName(name)}" of plugin "${this.#pluginName}": it ${difference}`;
    throw new PluginLinkError(message, { pluginName: this.#pluginName });
  }

  #createApi(): PluginApi {
    if (this.#schema === undefined) {
      throw this.#linkError("Cannot list the functions", "the plugin does not describe itself");
    }
    // Without a prototype: a guest chooses the names.
    const api = Object.create(null) as object;
    for (const { name } of this.#schema.functions) {
      let found: AnyFunction | undefined;
      const get = () => (found ??= this.find(name));
      Object.defineProperty(api, name, { get, enumerable: true });
    }
    return Object.freeze(api) as PluginApi;
  }

  #linkError(what: string, why: string): PluginLinkError {
    return new PluginLinkError(
      `${what} of plugin "${this.#pluginName}": ${why} (use plugin.function(name, params, result))`,
      { pluginName: this.#pluginName },
    );
  }
}

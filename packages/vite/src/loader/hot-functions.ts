/** Guest functions that call whichever instance their plugin has. */

import type { CallOptions, GuestFunction, Plugin, PluginApi } from "cloche";

export type AnyFunction = GuestFunction<unknown[], unknown>;

/** Finds a function in an instance. */
type FindFunction = (plugin: Plugin) => AnyFunction;

/** Calls something of the current instance, as soon as there is one. */
type CallCurrent = <Result>(call: (plugin: Plugin) => Promise<Result>) => Promise<Result>;

/** A function that is found in each instance anew. */
export function hotFunction(find: FindFunction, callCurrent: CallCurrent): AnyFunction {
  const found = new WeakMap<Plugin, AnyFunction>();
  const findOnce = (plugin: Plugin) => {
    const known = found.get(plugin) ?? find(plugin);
    found.set(plugin, known);
    return known;
  };
  const call = (...args: unknown[]) => callCurrent(async (plugin) => findOnce(plugin)(...args));
  const withOptions = (options: CallOptions) =>
    hotFunction((plugin) => findOnce(plugin).with(options), callCurrent);
  return Object.assign(call, { with: withOptions });
}

/** The functions of the schema that the current instance has. */
export function hotApi(current: () => Plugin, callCurrent: CallCurrent): PluginApi {
  const functions = new Map<string, AnyFunction>();
  const find = (name: string) => {
    const known =
      functions.get(name) ??
      hotFunction((plugin) => plugin.api[name] as unknown as AnyFunction, callCurrent);
    functions.set(name, known);
    return known;
  };
  return new Proxy(Object.create(null) as PluginApi, {
    has: (_target, name) => name in current().api,
    ownKeys: () => Reflect.ownKeys(current().api),
    get: (_target, name) =>
      typeof name === "string" && name in current().api ? find(name) : undefined,
    getOwnPropertyDescriptor: (_target, name) =>
      typeof name === "string" && name in current().api
        ? { value: find(name), enumerable: true, configurable: true }
        : undefined,
    set: () => false,
    defineProperty: () => false,
  });
}

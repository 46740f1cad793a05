/** What `await using` calls at the end of a block, also where it is not built in. */

/**
 * Lets `await using` end an object by calling `dispose`. Returns the object.
 *
 * Safari 26 has no `Symbol.asyncDispose`; there, compilers and polyfills of `await using` look for the
 * registered symbol. The method is given to each object, not to a class by a computed name: bundlers keep
 * such a class although nobody uses it.
 */
export function disposeBy<T extends object>(
  target: T,
  dispose: () => Promise<void>,
): T & AsyncDisposable {
  const key: symbol = Reflect.get(Symbol, "asyncDispose") ?? Symbol.for("Symbol.asyncDispose");
  return Object.defineProperty(target, key, { value: dispose }) as T & AsyncDisposable;
}

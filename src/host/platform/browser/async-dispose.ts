/**
 * Stands for `Symbol.asyncDispose` in the built library: see `scripts/build.mjs`. Safari 26 has no such symbol;
 * there, compilers and polyfills of `await using` look for the registered one.
 */
export const asyncDispose: symbol =
  Reflect.get(Symbol, "asyncDispose") ?? Symbol.for("Symbol.asyncDispose");

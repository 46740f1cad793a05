/**
 * JavaScript Promise Integration: suspends a guest while a promise settles.
 *
 * Source: https://webassembly.github.io/js-promise-integration/js-api/
 */

type AnyFunction = (...args: never[]) => unknown;

interface Jspi {
  readonly Suspending: new (call: AnyFunction) => WebAssembly.ImportValue;
  promising(exported: AnyFunction): (...args: unknown[]) => Promise<unknown>;
}

/** An import that suspends the guest until the promise that `call` returns has settled. */
export function suspending(call: AnyFunction): WebAssembly.ImportValue {
  const { Suspending } = WebAssembly as unknown as Jspi;
  return new Suspending(call);
}

/** An export that answers with a promise, and under which suspending imports may be called. */
export function promising(exported: AnyFunction): (...args: unknown[]) => Promise<unknown> {
  return (WebAssembly as unknown as Jspi).promising(exported);
}

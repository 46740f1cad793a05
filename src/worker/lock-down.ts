/**
 * Takes everything from the worker's global that neither the language nor this library needs.
 *
 * Wasm reaches no JavaScript, so this is a second wall: whoever gets to run a script in here, by an
 * error in the browser or in this library, finds no network, no storage, no way to evaluate text and
 * no further worker. `import()` is syntax, and stays; only a Content-Security-Policy closes it.
 */

import type { Channel } from "../protocol/channel.ts";

/** What the worker keeps of the browser: each a function that does one thing. */
export interface BrowserApis {
  /** To the page that started this worker, and back. */
  readonly channel: Channel;
  readonly nowMs: () => number;
  /** Fills at most 65,536 bytes. */
  readonly fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly delay: (durationMs: number) => Promise<void>;
  /** Resolves once the messages that have come are dealt with. A delay would take milliseconds. */
  readonly nextTask: () => Promise<void>;
  /** Holds a lock until this worker is gone. Answers whether it is held: locks may be forbidden. */
  readonly holdLock: (name: string) => Promise<boolean>;
}

/** The language, but for what evaluates text (`Function`, `eval`), and what only computes. */
const KEPT_GLOBALS: ReadonlySet<PropertyKey> = new Set(
  (
    "Infinity NaN undefined Object Array Number Boolean String Symbol BigInt Date Math JSON RegExp " +
    "Promise Proxy Reflect Map Set WeakMap WeakSet WeakRef FinalizationRegistry Iterator " +
    "Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError " +
    "ArrayBuffer SharedArrayBuffer DataView Atomics Int8Array Uint8Array Uint8ClampedArray " +
    "Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float32Array " +
    "Float64Array parseInt parseFloat isNaN isFinite encodeURI encodeURIComponent decodeURI " +
    "decodeURIComponent WebAssembly TextEncoder TextDecoder"
  ).split(" "),
);

/** Ways to a constructor that makes a function of a text: one for each kind of function. */
const KINDS_OF_FUNCTIONS: readonly object[] = [
  () => {},
  async () => {},
  function* () {},
  async function* () {},
];

/** Takes what is kept, and then away what is not, on the global and on its whole prototype chain. */
export function lockDown(): BrowserApis {
  const kept = takeFromBrowser();
  for (let object: object = globalThis; object !== Object.prototype; ) {
    const next = Object.getPrototypeOf(object) as object;
    for (const key of Reflect.ownKeys(object)) {
      if (!KEPT_GLOBALS.has(key)) Reflect.deleteProperty(object, key);
    }
    object = next;
  }
  for (const kind of KINDS_OF_FUNCTIONS) {
    Reflect.deleteProperty(Object.getPrototypeOf(kind) as object, "constructor");
  }
  for (const key of ["compileStreaming", "instantiateStreaming"]) {
    Reflect.deleteProperty(WebAssembly, key);
  }
  return kept;
}

interface WorkerScope extends Channel {
  readonly navigator: { readonly locks?: LockManager };
}

/** Takes hold of what the worker keeps, which is gone from the global after {@link lockDown}. */
function takeFromBrowser(): BrowserApis {
  const scope = globalThis as unknown as WorkerScope;
  const { locks } = scope.navigator;
  const { performance, crypto, setTimeout, MessageChannel: Channels } = globalThis;
  const request = locks?.request.bind(locks);
  return {
    channel: {
      postMessage: scope.postMessage.bind(scope),
      addEventListener: scope.addEventListener.bind(scope),
    },
    nowMs: performance.now.bind(performance),
    fillRandom: crypto.getRandomValues.bind(crypto),
    delay: (durationMs) =>
      new Promise((resolve) => {
        setTimeout(resolve, durationMs);
      }),
    nextTask: () =>
      new Promise((resolve) => {
        const { port1, port2 } = new Channels();
        // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is gone by then
        port1.onmessage = () => {
          port1.close();
          resolve();
        };
        port2.postMessage(0);
      }),
    holdLock: (name) =>
      new Promise((resolve) => {
        const hold = () => {
          resolve(true);
          return new Promise<never>(() => {});
        };
        if (request === undefined) resolve(false);
        else request(name, hold).catch(() => resolve(false));
      }),
  };
}

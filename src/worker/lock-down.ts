/**
 * Removes everything from the worker's global that neither the language nor this library needs.
 *
 * Wasm reaches no JavaScript, so this is a second barrier: an attacker who can run a script in the
 * worker, through a bug in the browser or in this library, finds no network, no storage, no way to
 * evaluate text and no further worker. `import()` is syntax and stays; only a Content-Security-Policy
 * forbids it.
 */

import type { Channel } from "../protocol/channel.ts";
import { taskWaiter } from "../protocol/next-task.ts";

/** What the worker keeps of the browser: functions that do one thing each. */
export interface BrowserApis {
  /** To the page that started this worker, and back. */
  readonly channel: Channel;
  readonly nowMs: () => number;
  /** Fills at most 65,536 bytes. */
  readonly fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly delay: (durationMs: number) => Promise<void>;
  /** Resolves once the messages that have arrived are handled. */
  readonly nextTask: () => Promise<void>;
  /** Holds a lock until this worker is gone. Returns whether it is held: locks may be forbidden. */
  readonly holdLock: (name: string) => Promise<boolean>;
}

/** The language, without what evaluates text (`Function`, `eval`), and what only computes. */
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

/** Takes what the worker keeps, then deletes the rest from the global and its whole prototype chain. */
export function lockDown(): BrowserApis {
  const kept = takeFromBrowser();
  for (let object: object = globalThis; object !== Object.prototype; ) {
    const next = Object.getPrototypeOf(object) as object;
    for (const key of Reflect.ownKeys(object)) {
      if (KEPT_GLOBALS.has(key) || Reflect.deleteProperty(object, key)) continue;
      // Node's `fetch` leaves one that cannot be deleted.
      Reflect.set(object, key, undefined);
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

/** Takes what the worker keeps, before it is deleted from the global. */
function takeFromBrowser(): BrowserApis {
  const scope = globalThis as unknown as WorkerScope;
  const { locks } = scope.navigator;
  const { performance, crypto, setTimeout, MessageChannel } = globalThis;
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
    nextTask: taskWaiter(MessageChannel),
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

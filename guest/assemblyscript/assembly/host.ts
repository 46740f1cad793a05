// What the standard library asks of a JavaScript host, answered by WASI instead.
import { fail } from "./abort";
import { print, printError } from "./streams";
import { clock_time_get, random_get } from "./wasi";

// @ts-ignore: decorator
@lazy const REALTIME: u32 = 0;
// @ts-ignore: decorator
@lazy const MONOTONIC: u32 = 1;
// @ts-ignore: decorator
@lazy const WORD = memory.data(8);

function milliseconds(clock: u32): f64 {
  if (clock_time_get(clock, 1000, WORD)) fail("Cannot read the clock");
  return <f64>load<u64>(WORD) / 1e6;
}

function fillRandom(start: usize, length: usize): void {
  if (random_get(start, length)) fail("Cannot get random bytes");
}

/** `trace` of the compiler: a message and up to five numbers, on standard error. */
export function tracePlugin(
  message: string,
  count: i32 = 0,
  a0: f64 = 0,
  a1: f64 = 0,
  a2: f64 = 0,
  a3: f64 = 0,
  a4: f64 = 0,
): void {
  let text = "trace: " + message;
  if (count > 0) text += " " + a0.toString();
  if (count > 1) text += ", " + a1.toString();
  if (count > 2) text += ", " + a2.toString();
  if (count > 3) text += ", " + a3.toString();
  if (count > 4) text += ", " + a4.toString();
  printError(text + "\n");
}

/** The seed of `Math.random`. */
export function seedPlugin(): f64 {
  fillRandom(WORD, 8);
  return reinterpret<f64>(load<u64>(WORD));
}

export namespace Date {
  export function now(): f64 {
    return milliseconds(REALTIME);
  }
}

export namespace performance {
  export function now(): f64 {
    return milliseconds(MONOTONIC);
  }
}

export namespace crypto {
  export function getRandomValues(array: Uint8Array): void {
    fillRandom(array.dataStart, array.length);
  }
}

// @ts-ignore: decorator
@lazy const timers = new Map<string, f64>();

export namespace console {
  export function assert(condition: bool, message: string): void {
    if (!condition) error("Assertion failed: " + message);
  }
  export function log(message: string): void {
    print(message + "\n");
  }
  export function debug(message: string): void {
    log(message);
  }
  export function info(message: string): void {
    log(message);
  }
  export function warn(message: string): void {
    printError(message + "\n");
  }
  export function error(message: string): void {
    printError(message + "\n");
  }
  export function time(label: string): void {
    timers.set(label, performance.now());
  }
  export function timeLog(label: string): void {
    if (!timers.has(label)) return warn('Timer "' + label + '" does not exist');
    log(label + ": " + (performance.now() - timers.get(label)).toString() + "ms");
  }
  export function timeEnd(label: string): void {
    timeLog(label);
    timers.delete(label);
  }
}

/** What a plugin expects of any JavaScript engine, and QuickJS does not have. */
import { print, printError } from "./files.ts";
import { scratch, scratchText, withScratch } from "./message.ts";
import { bytes, MEMORY_BASE, random, text, view } from "./native.ts";

function shown(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return describeError(value);
  if (typeof value !== "object" || value === null) return String(value);
  try {
    return JSON.stringify(value, (_key, part: unknown) =>
      typeof part === "bigint" ? `${part}n` : part,
    );
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** The mapping of stacks to the sources. Set when the plugin is linked. */
export const stacks: { map: (stack: string) => string } = { map: (stack) => stack };

/** The message of an error with its stack and its causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `Uncaught ${shown(error)}`;
  const stack = stacks.map(error.stack ?? "").trimEnd();
  const cause = error.cause === undefined ? "" : `\nCaused by: ${describeError(error.cause)}`;
  return `${error.name}: ${error.message}${stack === "" ? "" : `\n${stack}`}${cause}`;
}

const line = (values: unknown[]): string => `${values.map(shown).join(" ")}\n`;
const out = (...values: unknown[]): void => print(line(values));
const err = (...values: unknown[]): void => printError(line(values));

class Utf8Encoder {
  readonly encoding = "utf-8";

  encode(value: unknown = ""): Uint8Array {
    const { pointer, length } = scratchText(String(value));
    return bytes.slice(pointer - MEMORY_BASE, pointer - MEMORY_BASE + length);
  }
}

class Utf8Decoder {
  readonly encoding = "utf-8";

  constructor(label = "utf-8") {
    if (!/^utf-?8$/i.test(label)) throw new RangeError(`Encoding ${label} is not supported`);
  }

  decode(value?: ArrayBuffer | ArrayBufferView): string {
    if (value === undefined) return "";
    const from = ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value);
    return withScratch((at) => {
      const pointer = scratch(at, from.length);
      bytes.set(from, pointer - MEMORY_BASE);
      const isMarked = from[0] === 0xef && from[1] === 0xbb && from[2] === 0xbf;
      return isMarked ? text(pointer + 3, from.length - 3) : text(pointer, from.length);
    });
  }
}

const RANDOM_COUNT = 64;
let randoms: number[] = [];

/** The engine would repeat its numbers: it is started when the plugin is linked. */
function randomNumber(): number {
  if (randoms.length === 0) {
    withScratch((at) => {
      const pointer = scratch(at, 8 * RANDOM_COUNT);
      random(pointer, 8 * RANDOM_COUNT);
      randoms = Array.from({ length: RANDOM_COUNT }, (_, index) => {
        const place = pointer - MEMORY_BASE + 8 * index;
        return (
          (view.getUint32(place, true) * 2 ** 21 + (view.getUint32(place + 4, true) >>> 11)) /
          2 ** 53
        );
      });
    });
  }
  return randoms.pop() as number;
}

/** Sets them as the globals that they are in browsers: not enumerable. */
export function defineGlobals(): void {
  const globals = {
    console: { log: out, info: out, debug: out, warn: err, error: err, trace: err },
    TextEncoder: Utf8Encoder,
    TextDecoder: Utf8Decoder,
  };
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  Math.random = randomNumber;
}

/** Starts the clock of `performance`, which QuickJS does when the plugin is linked. */
export function startClock(): void {
  const started = Date.now();
  Object.defineProperty(globalThis, "performance", {
    value: { timeOrigin: started, now: () => Date.now() - started },
    writable: true,
    configurable: true,
  });
}

/**
 * Reads the guest's frames from the text of a stack, which each engine writes in its own way:
 *
 * - V8: `at parse (wasm://wasm/2bbec14e:wasm-function[12]:0x5a)`, without a name `at wasm://…`;
 * - SpiderMonkey: `parse@https://…/worker.js line 3 > WebAssembly.compile:wasm-function[12]:0x5a`;
 * - JavaScriptCore: `parse@<?>:wasm-function[12]`, without a name `12@…` or `(null)@…`.
 *
 * All take names from the module's name section. Rewriting a module keeps that section and the numbers
 * of functions. The text is the guest's own as far as it holds names, so nothing in it is trusted.
 */

import type { GuestFrame, SourceLocation } from "../errors.ts";
import { readableRustName } from "./rust-names.ts";
import type { LocateSource } from "./source-lines.ts";

/** More than engines write, except for a stack overflow, whose frames are all alike. */
const MAX_FRAMES = 100;
/** Enough for the generic types of a real program; the rest of a name is cut off. */
const MAX_NAME_CHARS = 1000;

const FUNCTION = "wasm-function[";

/** A frame, and its position in the module's bytes where the engine tells it. */
interface WrittenFrame extends GuestFrame {
  readonly position: number | undefined;
}

/**
 * The guest's frames, innermost first. Lines of other forms are left out.
 *
 * @param locate Finds lines of the source.
 */
export function readGuestFrames(stack: string, locate?: LocateSource): GuestFrame[] {
  const frames: WrittenFrame[] = [];
  for (const line of stack.split("\n")) {
    const frame = readFrame(line.trim());
    if (frame !== undefined) frames.push(frame);
    if (frames.length === MAX_FRAMES) break;
  }
  const positions = frames.flatMap(({ position }) => position ?? []);
  const sources = positions.length === 0 ? undefined : locate?.(positions);
  return frames.map(({ position = -1, ...frame }) => ({
    ...frame,
    source: shownSource(sources?.get(position)),
  }));
}

function shownSource(source: SourceLocation | undefined): SourceLocation | undefined {
  return source && { ...source, file: shown(source.file) };
}

/** One line for each frame, such as `at double::parse (src/lib.rs:7:13)`. */
export function describeGuestFrames(frames: readonly GuestFrame[]): string {
  return frames
    .map(({ name, functionIndex, source }) => {
      const number = `function ${functionIndex}`;
      if (name === undefined && source === undefined) return `at ${number}`;
      return `at ${name ?? number} (${source === undefined ? number : describeSource(source)})`;
    })
    .join("\n");
}

function describeSource({ file, line, column }: SourceLocation): string {
  return column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
}

function readFrame(line: string): WrittenFrame | undefined {
  const functionAt = line.lastIndexOf(FUNCTION);
  if (functionAt === -1) return undefined;
  const place = /^(\d{1,7})\](?::0x([0-9a-f]{1,8}))?/.exec(
    line.slice(functionAt + FUNCTION.length),
  );
  const [, digits, position] = place ?? [];
  if (digits === undefined) return undefined;
  const written = writtenName(line.slice(0, functionAt));
  // JavaScriptCore writes these where it knows no name.
  const isNamed = written !== "" && written !== digits && written !== "(null)";
  return {
    functionIndex: Number(digits),
    name: isNamed ? shown(readableRustName(written)) : undefined,
    source: undefined,
    position: position === undefined ? undefined : Number.parseInt(position, 16),
  };
}

/** The name in front of a function's number, or nothing. */
function writtenName(before: string): string {
  const inV8 = /^at (?:(.*) \()?wasm:\/\/wasm\/(.*):$/s.exec(before);
  if (inV8 !== null) {
    const [, name = "", place = ""] = inV8;
    return withoutModule(name, place.replace(/-?[0-9a-f]{8}$/, ""));
  }
  // Addresses of scripts have an "@" more often than names.
  return withoutModule(before.slice(0, Math.max(0, before.indexOf("@"))), "");
}

/** V8 and SpiderMonkey put the module's name before the function's. Linkers take a file's name for it. */
function withoutModule(name: string, moduleName: string): string {
  if (name === moduleName) return "";
  if (moduleName !== "" && name.startsWith(`${moduleName}.`)) {
    return name.slice(moduleName.length + 1);
  }
  return name.replace(/^[\w-]+\.wasm\./, "");
}

/** Without what would break a line or turn its direction, and cut to a length. */
function shown(name: string): string {
  const whole = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\ufffd");
  return whole.length > MAX_NAME_CHARS ? `${whole.slice(0, MAX_NAME_CHARS)}…` : whole;
}

/**
 * Rewrites the functions of a module: the part of the rewriter that sees every byte of the code.
 *
 * It is Wasm because it runs once, in a worker that has just started: an engine interprets JavaScript
 * there, at a thirtieth of the speed. `scripts/build-code-rewriter.mjs` compiles it, and
 * `code-rewriter.ts` runs it.
 */

import { at, endAt, fail, moveTo, PROBLEM, readIndex } from "./reader";
import {
  controlFrames,
  locals,
  passExpression,
  scan,
  setEntries,
  setModule,
  setRoom,
  stackedValues,
  TYPE,
  typeAt,
  typeOfFunction,
} from "./scan";
import { makeTables } from "./tables";
import { FORM, form, out, setForm, writeFunction, writeTo } from "./write";

export { problem, problemAt, problemValue } from "./reader";
export { passExpression, setForm, setModule, setRoom };

/** What a block costs a browser's compiler besides the values on the stack. */
const BLOCK_VALUES: u64 = 16;

/** The index of the next function. */
export let nextFunction: u32 = 0;
/** The number of functions that are left. */
export let left: u32 = 0;
let isWriting: bool = false;
let maxBytes: u32 = 0;
let maxComplexity: f64 = 0;
/** The largest that were found, in bytes and in complexity. */
export let mostBytes: u32 = 0;
export let mostComplexity: f64 = 0;
/** The bytes that the input must have for the next function. */
export let wanted: u32 = 0;
/** Where what was written ends. */
export let written: u32 = 0;

makeTables();

/**
 * @param bytes The limit of a function's bytes. @param complexity That of its complexity.
 * @param isWanted Whether anything is written, until a limit is exceeded.
 */
export function setFunctions(
  first: u32,
  count: u32,
  bytes: u32,
  complexity: f64,
  isWanted: bool,
): void {
  isWriting = isWanted;
  setEntries(form != FORM.epoch, first);
  nextFunction = first;
  left = count;
  maxBytes = bytes;
  maxComplexity = complexity;
}

/** Where this module's own memory ends, and the host's begins. */
export function heap(): u32 {
  return <u32>__heap_base;
}

/**
 * Rewrites all functions that are complete in the input. Returns how many bytes of it are done, which may
 * be more than there are: those of a function that is longer than allowed are skipped.
 *
 * @param input Where a part of the code section is.
 * @param length The bytes of it.
 * @param rest The bytes of it and of what follows in the section.
 * @param output Where to write to: behind all else.
 * @param mostOutput After that many bytes it returns.
 */
export function rewrite(input: u32, length: u32, rest: u32, output: u32, mostOutput: u32): u32 {
  const end = input + length;
  let position = input;
  wanted = 0;
  writeTo(output);
  while (left > 0 && out - output <= mostOutput) {
    if (end - position < 5 && length < rest) {
      wanted = 5;
      break;
    }
    moveTo(position);
    endAt(end);
    const size = readIndex();
    const start = at;
    if (size > rest - (start - input)) fail(PROBLEM.tooShort, input + rest);
    if (size > end - start && size <= maxBytes) {
      wanted = start - position + size;
      break;
    }
    const type = typeOfFunction(nextFunction);
    if (typeAt(type) == 0) fail(PROBLEM.noType, start, nextFunction);
    position = start + size;
    left -= 1;
    if (size > maxBytes) {
      mostBytes = max(mostBytes, size);
      isWriting = false;
      nextFunction += 1;
      continue;
    }
    scan(start, position, nextFunction);
    nextFunction += 1;
    const values = locals + load<u32>(typeAt(type), TYPE.params) + BLOCK_VALUES;
    const complexity = <f64>values * <f64>controlFrames + <f64>stackedValues;
    mostComplexity = max(mostComplexity, complexity);
    if (complexity > maxComplexity) isWriting = false;
    if (isWriting) writeFunction(start, position, type);
  }
  written = out;
  return position - input;
}

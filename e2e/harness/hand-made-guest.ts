/** Parts of guests that tests put together by hand, and the binary of the whole. */

import { expect } from "@playwright/test";
import { wat } from "../../src/abi/wat.test-kit.ts";

export const MEMORY = '(memory (export "memory") 1)';
export const ALLOC = `
  (global $next (mut i32) (i32.const 1024))
  (func (export "__alloc_buffer") (param i32) (result i32)
    (global.get $next)
    (global.set $next (i32.add (global.get $next) (local.get 0))))`;
export const FREE = '(func (export "__free_buffer") (param i64))';
export const ECHO = '(func (export "__echo") (param i64) (result i64) (local.get 0))';

/** A module's bytes, as an array: what Playwright hands to a page. */
export function guest(...parts: readonly string[]): number[] {
  return [...wat(`(module ${parts.join("\n")})`)];
}

/** A name in the text format, where the assembler takes ASCII alone. */
export function quoted(name: string): string {
  const escapes = [...new TextEncoder().encode(name)].map((byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : `\\${byte.toString(16)}`,
  );
  return `"${escapes.join("")}"`;
}

/** What a call of a function that should never return normally ended with. */
export const TRAPPED = expect.stringMatching(
  /: the guest trapped \(.*unreachable.*\), expected it to/,
);

/** Parts of guests that tests put together by hand, and the binary of the whole. */

import { wat } from "../../src/abi/wat.test-kit.ts";
import { PREVIEW1_SIGNATURES } from "../../src/wasi/preview1-signatures.ts";

export const MEMORY = '(memory (export "memory") 1)';
export const ALLOC = `
  (global $next (mut i32) (i32.const 1024))
  (func (export "__alloc_buffer") (param i32) (result i32)
    (global.get $next)
    (global.set $next (i32.add (global.get $next) (local.get 0))))`;
export const FREE = '(func (export "__free_buffer") (param i64))';
export const ECHO = '(func (export "__echo") (param i64) (result i64) (local.get 0))';

/** The import of a call of WASI, as the function `$name`. */
export function wasiImport(name: string): string {
  const { params = [], results = [] } = PREVIEW1_SIGNATURES.get(name) ?? {};
  const type = `(param ${params.join(" ")}) (result ${results.join(" ")})`;
  return `(import "wasi_snapshot_preview1" "${name}" (func $${name} ${type}))`;
}

/** A module's bytes, as an array: what Playwright hands to a page. */
export function guest(...parts: readonly string[]): number[] {
  return [...wat(`(module ${parts.join("\n")})`)];
}

/** The same with a name section, of the names that functions have in the text. */
export function guestWithNames(...parts: readonly string[]): number[] {
  return [...wat(`(module ${parts.join("\n")})`, true)];
}

/** The custom section of a schema. */
export function schemaSection(text: string): number[] {
  const name = new TextEncoder().encode("plugin.schema");
  const content = [name.length, ...name, ...new TextEncoder().encode(text)];
  const { length } = content;
  return [0, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14, ...content];
}

/** A module as an address, which takes a large one to a page faster than an array. */
export function moduleAddress(bytes: readonly number[]): string {
  return `data:application/wasm;base64,${Buffer.from(bytes).toString("base64")}`;
}

/** The same for a module by its text. */
export function guestAddress(...parts: readonly string[]): string {
  return moduleAddress(guest(...parts));
}

/** A name in the text format, where the assembler takes printable ASCII alone. */
export function quoted(name: string): string {
  const bytes = [...new TextEncoder().encode(name)];
  const escapes = bytes.map((byte) => `\\${byte.toString(16).padStart(2, "0")}`);
  return `"${escapes.join("")}"`;
}

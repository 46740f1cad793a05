/** Gives a module the description that it lacks, as an SDK would have: a custom section at its end. */

import { findSchema, parseSchema, SCHEMA_SECTION } from "cloche/schema";

const CUSTOM_SECTION = 0;

/**
 * A copy of a module with one more piece of schema. It is read as one text with those that it has.
 *
 * @throws {TypeError} for a text that is no schema.
 */
export function withSchema(module: Uint8Array<ArrayBuffer>, text: string): Uint8Array<ArrayBuffer> {
  parseSchema(text);
  const name = new TextEncoder().encode(SCHEMA_SECTION);
  const schema = new TextEncoder().encode(text);
  const content = [...leb128(name.length), ...name, ...schema];
  const section = [CUSTOM_SECTION, ...leb128(content.length), ...content];
  const copy = new Uint8Array(module.length + section.length);
  copy.set(module);
  copy.set(section, module.length);
  findSchema(copy);
  return copy;
}

/** A number as the binary format writes it: seven bits a byte, the lowest first. */
function leb128(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 0x80, ...leb128(rest)];
}

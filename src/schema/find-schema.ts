/** Finds the schema in a module. */

import { BinaryReader } from "../abi/binary-reader.ts";
import { readSections, SECTION } from "../abi/module-layout.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { showBytes } from "../wording/amounts.ts";
import { parseSchema } from "./parse-schema.ts";
import type { PluginSchema } from "./plugin-schema.ts";

/** The name of the custom sections. */
export const SCHEMA_SECTION = "plugin.schema";

/** What bounds a schema. */
export interface SchemaBounds {
  /** The most bytes that all sections have together. Default: 64 KiB. */
  readonly schemaBytes?: number;
  /** Makes the error for more bytes. Default: a `TypeError`. */
  readonly exceeded?: (bytes: number) => Error;
}

/**
 * Reads what a module says of itself; `undefined` for one that says nothing.
 *
 * @param module Its binary, valid or not, or a compiled module.
 * @throws {TypeError} when it has a schema that cannot be read.
 */
export function findSchema(
  module: Uint8Array | WebAssembly.Module,
  { schemaBytes = DEFAULT_LIMITS.schemaBytes, exceeded = tooLong }: SchemaBounds = {},
): PluginSchema | undefined {
  // A compiled module may be of another realm.
  const pieces =
    module instanceof Uint8Array
      ? schemaSections(module)
      : WebAssembly.Module.customSections(module, SCHEMA_SECTION).map(
          (section) => new Uint8Array(section),
        );
  if (pieces.length === 0) return undefined;
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (bytes > schemaBytes) throw exceeded(bytes);
  return parseSchema(pieces.map(decode).join("\n"));
}

function tooLong(bytes: number): TypeError {
  return new TypeError(`Cannot read schema: it has ${showBytes(bytes)}, more than is allowed`);
}

function schemaSections(bytes: Uint8Array): Uint8Array[] {
  return sectionsOf(bytes).flatMap(({ id, start, end }) => {
    if (id !== SECTION.custom) return [];
    const reader = new BinaryReader(bytes, start, end);
    return isNamed(reader) ? [bytes.subarray(reader.position, end)] : [];
  });
}

/** What is no module has no schema: whoever compiles it says what is wrong with it. */
function sectionsOf(bytes: Uint8Array): ReturnType<typeof readSections> {
  try {
    return readSections(bytes);
  } catch {
    return [];
  }
}

/** Whether a custom section has the name. Without decoding the name of each: there may be thousands. */
function isNamed(reader: BinaryReader): boolean {
  try {
    return (
      reader.u32() === SCHEMA_SECTION.length &&
      reader.text(SCHEMA_SECTION.length) === SCHEMA_SECTION
    );
  } catch {
    return false;
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TypeError("Cannot read schema: its bytes are not UTF-8", { cause });
  }
}

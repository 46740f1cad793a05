/** Reads what a module's type section declares. */

import type { BinaryReader } from "./binary-reader.ts";
import { readValueType } from "./value-types.ts";

/** A function's type; reference types all read as `"ref"`. */
export interface FunctionType {
  readonly params: readonly string[];
  readonly results: readonly string[];
}

/** A function's type, and where its results are written in the binary, as a vector. */
export interface WrittenFunctionType extends FunctionType {
  readonly resultsStart: number;
  readonly resultsEnd: number;
}

const PACKED_TYPES = { first: 0x77, last: 0x78 };

/** The most parameters, and results, of one function that browsers support. */
const MAX_VALUES = 1000;

/** The most types that browsers support, those in recursive groups included. */
const MAX_TYPES = 1_000_000;

const FORM = {
  rec: 0x4e,
  subFinal: 0x4f,
  sub: 0x50,
  array: 0x5e,
  struct: 0x5f,
  func: 0x60,
} as const;

/** One entry of the type section: a single type or a recursive group, each with an index of its own. */
export function readRecursiveTypes(
  reader: BinaryReader,
  types: (WrittenFunctionType | undefined)[],
): void {
  const form = reader.byte();
  const add = (form: number): void => {
    if (types.length === MAX_TYPES) {
      throw reader.excessive(`${MAX_TYPES} types`);
    }
    types.push(readSubtype(reader, form));
  };
  if (form === FORM.rec) reader.repeat(() => add(reader.byte()));
  else add(form);
}

function readSubtype(reader: BinaryReader, form: number): WrittenFunctionType | undefined {
  switch (form) {
    case FORM.sub:
    case FORM.subFinal:
      reader.repeat(() => reader.u32());
      return readCompositeType(reader, reader.byte());
    default:
      return readCompositeType(reader, form);
  }
}

function readCompositeType(reader: BinaryReader, form: number): WrittenFunctionType | undefined {
  switch (form) {
    case FORM.func: {
      const params = reader.repeat(() => readValueType(reader), MAX_VALUES);
      const resultsStart = reader.position;
      const results = reader.repeat(() => readValueType(reader), MAX_VALUES);
      return { params, results, resultsStart, resultsEnd: reader.position };
    }
    case FORM.struct:
      reader.repeat(() => readField(reader));
      return undefined;
    case FORM.array:
      readField(reader);
      return undefined;
    default:
      throw reader.unknown("type form", form);
  }
}

/** Passes over the type of a field or a global, with its mutability. */
export function readField(reader: BinaryReader): void {
  const code = reader.bytes[reader.position] ?? 0;
  if (code >= PACKED_TYPES.first && code <= PACKED_TYPES.last) reader.byte();
  else readValueType(reader);
  reader.byte(); // mutability
}

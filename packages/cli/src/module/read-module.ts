/** Reads a module that a command is about. */

import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { CommandOptions } from "cloche";
import {
  findSchema,
  type ModuleLayout,
  type PluginSchema,
  parseSchema,
  readModuleLayout,
  SCHEMA_SECTION,
} from "cloche/schema";
import { EXIT_CODES, Failure, messageOf } from "../failure.ts";

/** A module, as far as it can be read without compiling it. */
export interface ReadModule {
  /** Its file's name without `.wasm`. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it says of itself, or what was given in its place. */
  readonly schema: PluginSchema | undefined;
  /** The text of the source map beside it, `<module>.wasm.map`. */
  readonly sourceMap: string | undefined;
}

const MAGIC = [0x00, 0x61, 0x73, 0x6d];

/**
 * @param given A schema for a module without one: its text, or a file with it.
 * @throws {Failure} when there is no such file, it is no module, or its schema cannot be read.
 */
export function readModule(path: string, given?: string): ReadModule {
  const bytes = readBytes(path);
  const name = basename(path).replace(/\.wasm$/, "");
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) {
    throw new Failure(`Cannot read "${path}": it is no Wasm module`);
  }
  try {
    const own = findSchema(bytes);
    const sourceMap = readSourceMap(`${path}.map`);
    if (given === undefined) return { name, bytes, schema: own, sourceMap };
    if (own !== undefined) {
      throw new Failure(`"${path}" has a schema of its own; leave out --schema`, EXIT_CODES.usage);
    }
    const text = existsSync(given) ? readFileSync(given, "utf8") : given;
    return { name, bytes: withSchema(bytes, text), schema: parseSchema(text), sourceMap };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`Cannot read "${path}": ${messageOf(error)}`, EXIT_CODES.failed, error);
  }
}

/** The options that belong to a module. */
export function optionsOf({
  name,
  sourceMap,
}: ReadModule): Pick<CommandOptions, "name" | "sourceMap"> {
  return { name, ...(sourceMap !== undefined && { sourceMap }) };
}

/** Reads what lies where in a module. @throws {Failure} for a form that the library does not know. */
export function readLayout(name: string, bytes: Uint8Array): ModuleLayout {
  try {
    return readModuleLayout(bytes);
  } catch (error) {
    throw new Failure(`Cannot read module "${name}": ${messageOf(error)}`, undefined, error);
  }
}

function readBytes(path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new Failure(`Cannot read "${path}": ${messageOf(error)}`, EXIT_CODES.failed, error);
  }
}

/** Compilers write it there. The place that the module names is not looked at: a guest may name any file. */
function readSourceMap(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** A module with a schema's section behind its others. */
export function withSchema(bytes: Uint8Array, text: string): Uint8Array<ArrayBuffer> {
  const [name, content] = [Buffer.from(SCHEMA_SECTION), Buffer.from(text)];
  const length = 1 + name.length + content.length;
  return new Uint8Array(
    Buffer.concat([bytes, Buffer.from([0, ...leb128(length), name.length]), name, content]),
  );
}

function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...leb128(Math.floor(value / 128))];
}

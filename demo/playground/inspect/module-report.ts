/** What a module is, read from its binary. It runs none of it. */

import type { PluginSchema } from "cloche";
import {
  describeType,
  findSchema,
  type ModuleLayout,
  readModuleLayout,
  SECTION,
} from "cloche/schema";
import { errorText } from "../../error-text.ts";
import type { ProgramKind } from "../workspace/program.ts";

export interface ModuleReport {
  readonly bytes: number;
  /** What Cloche can run it as; `undefined` of what is neither. */
  readonly kind: ProgramKind | undefined;
  /** What that follows from, in words. */
  readonly verdict: string;
  readonly schema: PluginSchema | undefined;
  /** Why the schema cannot be read; empty if it can. */
  readonly schemaProblem: string;
  readonly exports: readonly Extern[];
  readonly imports: readonly Extern[];
  /** The size at the start and the largest, in pages of 64 KiB; `undefined` of a module without memory. */
  readonly memory: { readonly pages: number; readonly maxPages: number | undefined } | undefined;
}

export interface Extern {
  readonly name: string;
  readonly kind: string;
  /** Of a function; empty of anything else. */
  readonly type: string;
}

/** What begins every module: "\0asm" and the version 1. */
const START = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const ALLOCATORS = ["__alloc_buffer", "__free_buffer"];

/** @throws {TypeError} for what is no module. */
export function reportOfModule(bytes: Uint8Array<ArrayBuffer>): ModuleReport {
  if (START.some((byte, at) => bytes[at] !== byte)) throw new TypeError("This is no Wasm module");
  const layout = readModuleLayout(bytes);
  const exports = layout.exports.map(({ name, kind, index }) => {
    const type = kind === "function" ? layout.functions[index] : undefined;
    return { name, kind, type: type === undefined ? "" : describeType(type) };
  });
  const imports = layout.imports.map(({ module, name, kind, type }) => ({
    name: `${module}.${name}`,
    kind,
    type: type === undefined ? "" : describeType(type),
  }));
  return {
    bytes: bytes.length,
    ...verdictOf(new Set(exports.map(({ name }) => name))),
    ...schemaOf(bytes),
    exports,
    imports,
    memory: memoryOf(bytes, layout),
  };
}

function verdictOf(exports: ReadonlySet<string>): Pick<ModuleReport, "kind" | "verdict"> {
  if (exports.has("_start")) {
    return { kind: "command", verdict: "A WASI command: it exports _start and runs once." };
  }
  const missing = ALLOCATORS.filter((name) => !exports.has(name));
  if (missing.length === 0) {
    return { kind: "plugin", verdict: "A plugin: it exports what Cloche’s ABI says." };
  }
  return {
    kind: undefined,
    verdict: `Neither a plugin nor a command: it exports no ${missing.join(", no ")} and no _start.`,
  };
}

function schemaOf(bytes: Uint8Array): Pick<ModuleReport, "schema" | "schemaProblem"> {
  try {
    return { schema: findSchema(bytes), schemaProblem: "" };
  } catch (error) {
    return { schema: undefined, schemaProblem: errorText(error) };
  }
}

const HAS_MAXIMUM = 1;

/** The first memory that the module defines or imports. */
function memoryOf(bytes: Uint8Array, { sections, imports }: ModuleLayout): ModuleReport["memory"] {
  const imported = imports.find(({ kind }) => kind === "memory")?.size;
  if (imported !== undefined) return { pages: imported.minimum, maxPages: imported.maximum };
  const section = sections.find(({ id }) => id === SECTION.memory);
  if (section === undefined) return undefined;
  let at = section.start;
  const next = () => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  if (next() === 0) return undefined;
  const flags = next();
  return { pages: next(), maxPages: (flags & HAS_MAXIMUM) === 0 ? undefined : next() };
}

/** All that can be said of a module: what it is, what it needs, and whether Cloche takes it. */

import { gzipSync } from "node:zlib";
import {
  hostFunction,
  loadPlugin,
  PluginTimeoutError,
  PluginTrapError,
  runCommand,
  t,
} from "cloche";
import { describeType, type ModuleLayout, type PluginSchema, SECTION } from "cloche/schema";
import { messageOf, messageOfTrap } from "../failure.ts";
import { type LimitUse, measureModule } from "./measure-module.ts";
import { type ModuleRole, moduleRole } from "./module-role.ts";
import { optionsOf, type ReadModule, readLayout } from "./read-module.ts";

/** What a module imports or exports. */
export interface ExternReport {
  readonly name: string;
  readonly kind: string;
  /** Of a function: `(i64) -> i64`. */
  readonly type?: string;
}

/** Plain data, which `--json` prints. */
export interface ModuleReport {
  readonly name: string;
  readonly role: ModuleRole;
  readonly bytes: number;
  readonly gzipBytes: number;
  /** Bytes of each section; those of one name are added. */
  readonly sections: Readonly<Record<string, number>>;
  /** Functions that a page can call. */
  readonly functions: readonly string[];
  /** Functions of the page that it imports. */
  readonly hostFunctions: readonly string[];
  readonly schema: PluginSchema | null;
  readonly imports: readonly (ExternReport & { readonly module: string })[];
  readonly exports: readonly ExternReport[];
  readonly limits: readonly LimitUse[];
  /** Whether Cloche loads it with default limits, with all host functions that it wants. */
  readonly loads: boolean;
  /** Why not. */
  readonly refusal?: { readonly error: string; readonly message: string };
}

/** Examines a module. Its start runs, in a sandbox without files, and for at most the time that a load may take. */
export async function reportModule(module: ReadModule): Promise<ModuleReport> {
  const { name, bytes, schema } = module;
  const { sections, imports, exports, functions } = readLayout(name, bytes);
  const role = moduleRole(exports);
  const hostFunctions = imports
    .filter(({ module, kind }) => module === "env" && kind === "function")
    .flatMap((each) => (each.name.startsWith("__") ? [each.name.slice(2)] : []))
    .filter((each) => each !== ALWAYS_LENT);
  const [limits, refusal] = await Promise.all([
    measureModule(bytes),
    role === "command" ? refusalOfCommand(module) : refusalOfPlugin(module, hostFunctions),
  ]);
  const externs = exports.map(({ name, kind, index }) => {
    const type = kind === "function" ? functions[index] : undefined;
    return { name, kind, ...(type !== undefined && { type: describeType(type) }) };
  });
  return {
    name,
    role,
    bytes: bytes.length,
    gzipBytes: gzipSync(bytes).length,
    sections: sectionBytes(bytes, sections),
    functions: externs
      .filter(({ name, type }) => type === "(i64) -> i64" && name.startsWith("__"))
      .map((each) => each.name.slice(2)),
    hostFunctions,
    schema: schema ?? null,
    imports: imports.map(({ module, name, kind, type }) => ({
      module,
      name,
      kind,
      ...(type !== undefined && { type: describeType(type) }),
    })),
    exports: externs,
    limits,
    loads: refusal === undefined,
    ...(refusal !== undefined && { refusal }),
  };
}

/** What every plugin may call: it gives up an object of the page. */
const ALWAYS_LENT = "drop_resource";

type Refusal = NonNullable<ModuleReport["refusal"]>;

async function refusalOfPlugin(
  module: ReadModule,
  wanted: readonly string[],
): Promise<Refusal | undefined> {
  const { bytes, schema } = module;
  const described = new Set(schema?.hostFunctions.map((each) => each.name));
  const refuse = () => {
    throw new Error("nothing is lent while a module is inspected");
  };
  const hostFunctions = Object.fromEntries(
    wanted.map((each) => [each, described.has(each) ? refuse : hostFunction([], t.unit, refuse)]),
  );
  try {
    const plugin = await loadPlugin(bytes.slice(), { ...optionsOf(module), hostFunctions });
    plugin.terminate();
    return undefined;
  } catch (error) {
    return refusalOf(error);
  }
}

/** Gives a command no time: it is loaded, and stopped at once. */
async function refusalOfCommand(module: ReadModule): Promise<Refusal | undefined> {
  const { name, bytes } = module;
  try {
    await runCommand(bytes.slice(), { ...optionsOf(module), args: [name], timeoutMs: 0 });
    return undefined;
  } catch (error) {
    return error instanceof PluginTimeoutError ? undefined : refusalOf(error);
  }
}

function refusalOf(error: unknown): Refusal {
  const kind = error instanceof Error ? error.name : "Error";
  const isTrap = error instanceof PluginTrapError;
  return { error: kind, message: isTrap ? messageOfTrap(error) : messageOf(error) };
}

const SECTION_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(SECTION).map(([name, id]) => [id, name]),
);

function sectionBytes(
  bytes: Uint8Array,
  sections: ModuleLayout["sections"],
): Record<string, number> {
  // A guest chooses the names of custom sections.
  const sums = new Map<string, number>();
  for (const { id, start, end } of sections) {
    const custom = id === SECTION.custom ? customName(bytes.subarray(start, end)) : undefined;
    const name =
      custom === undefined ? (SECTION_NAMES.get(id) ?? String(id)) : `custom "${custom}"`;
    sums.set(name, (sums.get(name) ?? 0) + end - start);
  }
  return Object.fromEntries(sums);
}

/** Names are short where anybody reads them. */
function customName(content: Uint8Array): string {
  const length = content[0] ?? 0;
  return length < 128 ? Buffer.from(content.subarray(1, 1 + length)).toString() : "…";
}

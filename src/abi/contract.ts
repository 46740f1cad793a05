/** The contract between a module and the host: what must be there, and of which type. */

import { PluginLinkError } from "../errors.ts";
import {
  describeType,
  type ModuleExport,
  type ModuleImport,
  type ModuleInterface,
} from "./module-interface.ts";
import type { ExternKind } from "./module-layout.ts";
import {
  ALLOC_EXPORT,
  FREE_EXPORT,
  functionName,
  HOST_MODULE,
  INITIALIZE_EXPORT,
  MEMORY_EXPORT,
  START_EXPORT,
  shownList,
  shownName,
  WASI_MODULE,
} from "./names.ts";
import type { FunctionType } from "./type-section.ts";

/** The type of every guest function and host function: a packed buffer in, a packed buffer out. */
const CALL_TYPE: FunctionType = { params: ["i64"], results: ["i64"] };

const COMMAND_TYPE: FunctionType = { params: [], results: [] };
const ALLOC_TYPE: FunctionType = { params: ["i32"], results: ["i32"] };
const FREE_TYPE: FunctionType = { params: ["i64"], results: [] };
const INITIALIZE_TYPE: FunctionType = { params: [], results: [] };

/** What a module is loaded as. */
export type ModuleRole = "plugin" | "command";

/** What a host offers to a module. */
export interface HostOffer {
  readonly pluginName: string;
  /** Names of the host functions, without the ABI's underscores. */
  readonly hostFunctions: ReadonlySet<string>;
  /** The WASI calls by name, with their types. */
  readonly wasi: ReadonlyMap<string, FunctionType>;
}

/** What a module that keeps the contract offers and wants. */
export interface Contract {
  /** Names of the guest functions, without the ABI's underscores, in export order. */
  readonly guestFunctions: readonly string[];
  /** Names of the host functions the module imports, without the ABI's underscores. */
  readonly hostFunctions: readonly string[];
  /** Whether `_initialize` is exported, to be run once before any call. */
  readonly isReactor: boolean;
}

/**
 * Checks a module against what its role asks for and against what the host offers.
 *
 * A plugin exports what the ABI says. A command exports `_start` and a memory, and imports nothing
 * but WASI. Types are checked where they are known: for a module read from bytes.
 *
 * @throws {PluginLinkError} naming every export and import that is missing or has another type.
 */
export function checkContract(
  role: ModuleRole,
  module: ModuleInterface,
  offer: HostOffer,
): Contract {
  return role === "plugin" ? checkPlugin(module, offer) : checkCommand(module, offer);
}

function checkPlugin(module: ModuleInterface, offer: HostOffer): Contract {
  const exports = exportsByName(module);
  const isCommand = exports.has(START_EXPORT) && !exports.has(ALLOC_EXPORT);
  checkProblems(module, offer, isCommand ? " (it is a command: runCommand runs those)" : "", [
    exportProblem(exports, MEMORY_EXPORT, "memory"),
    exportProblem(exports, ALLOC_EXPORT, "function", ALLOC_TYPE),
    exportProblem(exports, FREE_EXPORT, "function", FREE_TYPE),
    exports.has(INITIALIZE_EXPORT)
      ? exportProblem(exports, INITIALIZE_EXPORT, "function", INITIALIZE_TYPE)
      : undefined,
  ]);
  return {
    guestFunctions: module.exports.filter(isGuestFunction).flatMap(({ name }) => {
      const guestFunction = functionName(name);
      return guestFunction === undefined ? [] : [guestFunction];
    }),
    hostFunctions: module.imports
      .filter((each) => each.module === HOST_MODULE)
      .flatMap((each) => functionName(each.name) ?? []),
    isReactor: exports.has(INITIALIZE_EXPORT),
  };
}

function checkCommand(module: ModuleInterface, offer: HostOffer): Contract {
  const exports = exportsByName(module);
  checkProblems(module, offer, "", [
    exportProblem(exports, MEMORY_EXPORT, "memory"),
    exportProblem(exports, START_EXPORT, "function", COMMAND_TYPE),
  ]);
  return { guestFunctions: [], hostFunctions: [], isReactor: false };
}

function exportsByName(module: ModuleInterface): Map<string, ModuleExport> {
  return new Map(module.exports.map((each) => [each.name, each]));
}

/** Throws when there are any, or any with the imports, which both kinds of module have alike. */
function checkProblems(
  module: ModuleInterface,
  offer: HostOffer,
  hint: string,
  exportProblems: readonly (string | undefined)[],
): void {
  const importProblems = module.imports.map((each) => importProblem(each, offer));
  const problems = [...exportProblems, ...importProblems].filter((each) => each !== undefined);
  if (problems.length === 0) return;
  const { pluginName } = offer;
  throw new PluginLinkError(
    `Cannot link plugin "${pluginName}": ${shownList(problems, "; ")}${hint}`,
    {
      pluginName,
    },
  );
}

function isGuestFunction({ kind, type }: ModuleExport): boolean {
  return kind === "function" && (type === undefined || isType(type, CALL_TYPE));
}

function isType(found: FunctionType, wanted: FunctionType): boolean {
  return describeType(found) === describeType(wanted);
}

function exportProblem(
  exports: ReadonlyMap<string, ModuleExport>,
  name: string,
  kind: ExternKind,
  type?: FunctionType,
): string | undefined {
  const wanted = type === undefined ? `a ${kind}` : describeType(type);
  const found = exports.get(name);
  if (found === undefined) return `export "${name}" is missing (must be ${wanted})`;
  if (found.kind !== kind) return `export "${name}" is a ${found.kind} (must be ${wanted})`;
  if (type !== undefined && found.type !== undefined && !isType(found.type, type)) {
    return `export "${name}" has type ${describeType(found.type)} (must be ${wanted})`;
  }
  return undefined;
}

function importProblem(wanted: ModuleImport, offer: HostOffer): string | undefined {
  const label = `import "${shownName(wanted.module)}.${shownName(wanted.name)}"`;
  if (wanted.kind !== "function") return `${label} is a ${wanted.kind} (must be a function)`;

  let type: FunctionType | undefined;
  if (wanted.module === WASI_MODULE) {
    type = offer.wasi.get(wanted.name);
    if (type === undefined) return `${label} is unknown (must be a call of WASI preview 1)`;
  } else {
    const name = wanted.module === HOST_MODULE ? functionName(wanted.name) : undefined;
    if (name === undefined) {
      return `${label} is unknown (must be "${HOST_MODULE}.__<host function>" or "${WASI_MODULE}.*")`;
    }
    if (!offer.hostFunctions.has(name)) {
      return `${label} has no host function (hostFunctions lacks "${shownName(name)}")`;
    }
    type = CALL_TYPE;
  }

  if (wanted.type !== undefined && !isType(wanted.type, type)) {
    return `${label} has type ${describeType(wanted.type)} (must be ${describeType(type)})`;
  }
  return undefined;
}

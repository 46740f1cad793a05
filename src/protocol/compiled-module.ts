/** The request to a worker to compile a module, and its reply. */

import type { Contract, ModuleRole } from "../abi/contract.ts";
import type { Limits } from "../limits.ts";
import type { Interruption } from "../rewrite/form.ts";
import type { ModuleHooks } from "../rewrite/module-hooks.ts";
import type { ModuleLines } from "../stack/source-lines.ts";
import { isBoolean, isBytes, isListOf, isRecord, isString, isU32 } from "./shapes.ts";

/** A module to be compiled in the worker. */
export interface CompileOptions {
  readonly pluginName: string;
  /** Its binary, which the page gives up, or a compiled module, which is only checked. */
  readonly source: Uint8Array<ArrayBuffer> | WebAssembly.Module;
  readonly role: ModuleRole;
  /** Names of the host functions that the page lends, without the ABI's underscores. */
  readonly hostFunctions: readonly string[];
  readonly limits: Limits;
  readonly interruption: Interruption;
  /** For `"epoch"`: the address of the plugin's number in the flag memory. */
  readonly flagAddress: number;
  /** Whether the worker keeps the module, since a module cannot be posted to another process. */
  readonly isKept: boolean;
}

/** A compiled module. No guest code had run before, so the page trusts that it is the requested one. */
export interface CompiledModule {
  /** `undefined` if the worker keeps it. */
  readonly module: WebAssembly.Module | undefined;
  /** The module's exports and imports, which were checked. */
  readonly contract: Contract;
  /** How to instantiate it; `undefined` if it was already compiled and so could not be rewritten. */
  readonly hooks: ModuleHooks | undefined;
  /** Its debug information, if it has any and was rewritten. Only the page needs it. */
  readonly lines: ModuleLines | undefined;
}

/** Does not check the hooks, which only the worker reads. */
export function isCompiledModule(data: unknown): data is CompiledModule {
  if (!isRecord(data) || !isContract(data["contract"])) return false;
  const { module, lines } = data;
  if (lines !== undefined && !isModuleLines(lines)) return false;
  return module === undefined || module instanceof WebAssembly.Module;
}

function isModuleLines(data: unknown): boolean {
  if (!isRecord(data) || !(data["pieces"] instanceof Uint32Array)) return false;
  if (!isU32(data["codeStart"]) || !isString(data["sourceMapUrl"])) return false;
  return isBytes(data["lineTable"]) && isBytes(data["lineStrings"]);
}

/** No engine accepts a module with more than 1,000,000 imports or exports. */
const MAX_FUNCTIONS = 1_048_576;

function isContract(data: unknown): data is Contract {
  if (!isRecord(data) || !isBoolean(data["isReactor"])) return false;
  return isFunctionList(data["guestFunctions"]) && isFunctionList(data["hostFunctions"]);
}

function isFunctionList(data: unknown): data is readonly string[] {
  return isListOf(data, isString, MAX_FUNCTIONS);
}

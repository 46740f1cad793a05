/** What a worker is given to compile a module, and what it replies. */

import type { Contract, ModuleRole } from "../abi/contract.ts";
import type { Limits } from "../limits.ts";
import type { Interruption } from "../rewrite/form.ts";
import type { ModuleHooks } from "../rewrite/module-hooks.ts";
import { isBoolean, isListOf, isRecord, isString } from "./shapes.ts";

/** A module to be compiled in the worker. */
export interface CompileOptions {
  readonly pluginName: string;
  /** Its binary, which is given up; or the module itself, which is only looked at. */
  readonly source: Uint8Array<ArrayBuffer> | WebAssembly.Module;
  readonly role: ModuleRole;
  /** Names of the host functions that the page lends, without the ABI's underscores. */
  readonly hostFunctions: readonly string[];
  readonly limits: Limits;
  readonly interruption: Interruption;
  /** Where the plugin's number is in the flag memory, for `"epoch"`. */
  readonly flagAddress: number;
  /** Whether the module stays in the worker: no module goes from one process to another. */
  readonly isKept: boolean;
}

/** A compiled module. It was made before any guest's code ran, so the page trusts that it is the one it gave. */
export interface CompiledModule {
  /** Or `undefined` when the worker keeps it. */
  readonly module: WebAssembly.Module | undefined;
  /** What the module offers and wants, which has been checked. */
  readonly contract: Contract;
  /** How to instantiate it, or `undefined` when its bytes were not at hand to be rewritten. */
  readonly hooks: ModuleHooks | undefined;
}

/** The hooks are looked at by the worker alone. */
export function isCompiledModule(data: unknown): data is CompiledModule {
  if (!isRecord(data) || !isContract(data["contract"])) return false;
  const { module } = data;
  return module === undefined || module instanceof WebAssembly.Module;
}

/** No engine takes a module with more than 1,000,000 imports or exports. */
const MAX_FUNCTIONS = 1_048_576;

function isContract(data: unknown): data is Contract {
  if (!isRecord(data) || !isBoolean(data["isReactor"])) return false;
  return isFunctionList(data["guestFunctions"]) && isFunctionList(data["hostFunctions"]);
}

function isFunctionList(data: unknown): data is readonly string[] {
  return isListOf(data, isString, MAX_FUNCTIONS);
}

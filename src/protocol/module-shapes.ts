/** Predicates over what a worker tells of a module. */

import type { ModuleInterface } from "../abi/module-interface.ts";
import { isRecord } from "./shapes.ts";

const KINDS: ReadonlySet<unknown> = new Set(["function", "table", "memory", "global", "tag"]);

/** Whether `data` has the shape of an interface; whether it is the module's nobody knows here. */
export function isModuleInterface(data: unknown): data is ModuleInterface {
  if (!isRecord(data)) return false;
  const { imports, exports } = data;
  return isListOf(imports, isImport) && isListOf(exports, isExtern);
}

function isImport(data: unknown): boolean {
  return isRecord(data) && typeof data["module"] === "string" && isExtern(data);
}

function isExtern(data: unknown): boolean {
  if (!isRecord(data) || typeof data["name"] !== "string" || !KINDS.has(data["kind"])) return false;
  const { type } = data;
  if (type === undefined) return true;
  return isRecord(type) && isListOf(type["params"], isText) && isListOf(type["results"], isText);
}

function isListOf(data: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(data) && data.every(isItem);
}

function isText(data: unknown): boolean {
  return typeof data === "string";
}

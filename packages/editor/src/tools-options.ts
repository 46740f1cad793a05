/** The options of language tools, and their checks. */

import type { LoadOptions } from "cloche";
import type { ToolKind } from "./editor-interface.ts";

/** The options of `LanguageTools`. */
export interface LanguageToolsOptions {
  /** The plugin's name in errors. Default: the module's file name. */
  readonly name?: string | undefined;
  /** How long the plugin may work on each kind of request, in milliseconds. Default: {@link DEFAULT_BUDGETS_MS}. */
  readonly budgetsMs?: { readonly [Kind in ToolKind]?: number | undefined } | undefined;
  /**
   * How long a request that was cancelled may keep the plugin while another one waits, in milliseconds,
   * before it is interrupted. An interruption costs a restart and what the plugin had in memory.
   * Default: 100, a wait that a user hardly notices.
   */
  readonly graceMs?: number | undefined;
  /** The longest text that is sent to the plugin, in UTF-16 code units. Default: 2,000,000. */
  readonly maxTextLength?: number | undefined;
  /** The name of the file in which a plugin finds the document that wants a path. Default: `"document"`. */
  readonly fileName?: string | undefined;
  /** More options of `loadPlugin`, such as `isolation`, `limits` and `files`. */
  readonly loadOptions?: Omit<LoadOptions, "restart" | "signal" | "name"> | undefined;
}

/**
 * How long a plugin may work on a request by default, in milliseconds: proposals and hovers are of no use
 * after half a second, a user waits for a format, and a diagnosis comes by itself and may take its time.
 */
export const DEFAULT_BUDGETS_MS: { readonly [Kind in ToolKind]: number } = {
  complete: 500,
  hover: 500,
  format: 1000,
  diagnose: 1000,
};

const OPTION_NAMES: readonly string[] = [
  "name",
  "budgetsMs",
  "graceMs",
  "maxTextLength",
  "fileName",
  "loadOptions",
] satisfies (keyof LanguageToolsOptions)[];

/** @throws {TypeError} for an invalid option; those of `loadPlugin` are checked there. */
export function checkToolsOptions(options: LanguageToolsOptions): void {
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.includes(name));
  if (unknown !== undefined) throw new TypeError(`Invalid option ${unknown}: not an option`);
  const { budgetsMs = {}, graceMs, maxTextLength, fileName } = options;
  for (const [kind, budgetMs] of Object.entries(budgetsMs)) {
    if (!Object.hasOwn(DEFAULT_BUDGETS_MS, kind))
      throw new TypeError(`Invalid option budgetsMs.${kind}: not a kind of request`);
    checkNumber(`budgetsMs.${kind}`, budgetMs);
  }
  checkNumber("graceMs", graceMs);
  checkNumber("maxTextLength", maxTextLength);
  if (fileName !== undefined && !/^[^/\0]{1,255}$/.test(fileName))
    throw new TypeError(`Invalid option fileName: ${JSON.stringify(fileName)} (must be one name)`);
}

function checkNumber(name: string, value: number | undefined): void {
  if (value === undefined || (typeof value === "number" && value >= 0)) return;
  throw new TypeError(`Invalid option ${name}: ${String(value)} (must be a number ≥ 0)`);
}

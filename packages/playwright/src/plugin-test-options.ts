/** The options of a plugin in a test. */

import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestInfo } from "@playwright/test";
import type { LoadOptions, UnknownFunctions } from "cloche";

/** The module of a plugin: a path from the folder of Playwright's configuration, a `file:` URL, or its bytes. */
export type PluginSource = string | URL | Uint8Array;

/** Options of `loadPlugin` that a test cannot pass to the page. */
type OfThePage = "signal" | "stdin" | "wasi" | "worker" | "onDrop" | "onRestart";

/**
 * The options of `loadPlugin`. Functions run in the test. Unless they are given, `clock` and `random`
 * are the same in each run.
 */
export interface PluginTestOptions<Host = UnknownFunctions>
  extends Omit<LoadOptions<Host>, OfThePage> {
  /** The standard input, or a function of the test that gives the next piece and `null` at the end. */
  readonly stdin?: string | Uint8Array | (() => InputPiece | Promise<InputPiece>);
}

type InputPiece = string | Uint8Array | null | undefined;

/** What makes a run the same each time. A step of a millisecond keeps times apart that are printed. */
const REPEATABLE: Required<Pick<PluginTestOptions, "clock" | "random">> = {
  clock: { startMs: Date.UTC(2026, 0, 1), stepNs: 1_000_000 },
  random: { seed: 1 },
};

/** Adds what makes a run the same each time, and that it is recorded where it is. */
export function repeatable(options: PluginTestOptions): PluginTestOptions {
  const record = options.clock !== "browser" && options.random !== "browser";
  return { ...REPEATABLE, record, ...options };
}

/** A module as it is served to the page. */
export interface ServedModule {
  /** The last part of its address, which names the plugin. */
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** @throws {TypeError} for an invalid source, or one that cannot be read. */
export async function readModule(source: unknown, testInfo: TestInfo): Promise<ServedModule> {
  if (source instanceof Uint8Array) return { fileName: "plugin.wasm", bytes: Buffer.from(source) };
  const path = pathOf(source, testInfo);
  try {
    return { fileName: basename(path), bytes: await readFile(path) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`Cannot read the plugin "${path}": ${why}`, { cause });
  }
}

function pathOf(source: unknown, { config }: TestInfo): string {
  if (source instanceof URL && source.protocol === "file:") return fileURLToPath(source);
  if (typeof source !== "string") {
    const what = "(must be a path, a file: URL or bytes)";
    throw new TypeError(`Invalid pluginSource: ${String(source)} ${what}`);
  }
  if (source.startsWith("file:")) return fileURLToPath(source);
  const { configFile } = config;
  return resolve(configFile === undefined ? process.cwd() : dirname(configFile), source);
}

import * as asc from "assemblyscript/asc";
import { librarySources } from "./library-sources.ts";
import { PluginTransform } from "./transform.ts";

/** The files of a plugin by relative path, such as `lib/words.ts`. */
export type Sources = Readonly<Record<string, string>>;

export interface CompileOptions {
  /** The path of the file whose exported functions the plugin offers. By default `index.ts`. */
  readonly entry?: string;
  /** 0 to 3. By default 0, which compiles fastest. */
  readonly optimizeLevel?: number;
  /** 0 to 2: how much size matters. By default 0. */
  readonly shrinkLevel?: number;
  /** More arguments of `asc`, such as `["--debug"]`. */
  readonly args?: readonly string[];
}

/** What the compiler found. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  /** The compiler's number of the message. */
  readonly code: number;
  /** Where it is. Absent if it is about the whole. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** The number of UTF-16 units from the start of the file. */
  readonly start?: number;
  readonly end?: number;
}

export interface Compiled {
  /** The plugin. Absent if there are errors. */
  readonly wasm?: Uint8Array<ArrayBuffer>;
  readonly diagnostics: readonly Diagnostic[];
}

/** A path of the SDK's sources: the compiler looks for packages in several folders. */
const IN_PACKAGE = /^(?:.*\/)?node_modules\/@cloche\/assemblyscript\/(.*)$/;
const ENTRY = "index.ts";
const OUTPUT = "plugin.wasm";
const SEVERITIES = { 0: "info", 1: "info", 2: "warning", 3: "error" } as const;

/**
 * Compiles a plugin from sources in memory. It needs no file system: it runs in Node and in browsers, best
 * in a worker.
 *
 * @throws TypeError if the entry is not one of the sources.
 * @example
 * const { wasm, diagnostics } = await compile({
 *   "index.ts": "export function double(x: f64[]): f64[] { return x.map((v) => v * 2); }",
 * });
 */
export async function compile(sources: Sources, options: CompileOptions = {}): Promise<Compiled> {
  const { entry = ENTRY, optimizeLevel = 0, shrinkLevel = 0, args = [] } = options;
  const files = new Map(Object.entries(sources));
  if (!files.has(entry)) {
    throw new TypeError(`Invalid entry: "${entry}" is not one of ${[...files.keys()].join(", ")}`);
  }
  const readFile = (path: string): string | null => {
    const inPackage = IN_PACKAGE.exec(path)?.[1];
    if (inPackage !== undefined) return librarySources.get(inPackage) ?? null;
    return files.get(path.replace(/^\.\//, "")) ?? null;
  };
  const diagnostics: Diagnostic[] = [];
  let wasm: Uint8Array<ArrayBuffer> | undefined;
  const levels = ["--optimizeLevel", `${optimizeLevel}`, "--shrinkLevel", `${shrinkLevel}`];
  const { error } = await asc.main([entry, "--outFile", OUTPUT, ...levels, ...args], {
    stdout: asc.createMemoryStream(),
    stderr: asc.createMemoryStream(),
    readFile,
    writeFile: (path: string, content: string | Uint8Array) => {
      if (path === OUTPUT && typeof content !== "string") wasm = Uint8Array.from(content);
    },
    listFiles: () => [],
    reportDiagnostic: (each: AscDiagnostic) => diagnostics.push(diagnosticOf(each, files)),
    // The compiler writes into the class, so that each run has its own.
    transforms: [class extends PluginTransform {}],
  } as unknown as asc.APIOptions);
  if (error !== null && !diagnostics.some(({ severity }) => severity === "error")) {
    diagnostics.push({ severity: "error", message: error.message, code: 0 });
  }
  return error === null && wasm !== undefined ? { wasm, diagnostics } : { diagnostics };
}

interface AscDiagnostic {
  readonly message: string;
  readonly code: number;
  readonly category: keyof typeof SEVERITIES;
  readonly range: {
    readonly start: number;
    readonly end: number;
    readonly source: { readonly normalizedPath: string } | null;
  } | null;
}

function diagnosticOf(
  { message, code, category, range }: AscDiagnostic,
  files: ReadonlyMap<string, string>,
): Diagnostic {
  const found = { severity: SEVERITIES[category], message, code };
  if (!range?.source) return found;
  const { start, end, source } = range;
  const file = source.normalizedPath;
  const before = files.get(file)?.slice(0, start).split("\n");
  if (before === undefined) return { ...found, file, start, end };
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { ...found, file, line: before.length, column, start, end };
}

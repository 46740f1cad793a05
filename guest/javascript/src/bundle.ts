import type * as esbuild from "esbuild";
import type { Diagnostic } from "./describe/diagnostic.ts";
import { SDK } from "./describe/source-module.ts";
import type { SourceMap } from "./runtime/source-map.ts";
import type { Outcome } from "./script.ts";

/** The part of esbuild, or of esbuild-wasm, that bundles. */
export interface Bundler {
  readonly build: typeof esbuild.build;
}

/** More options of esbuild, such as `define`, `minify` and `plugins`. */
export type BundleOptions = Omit<
  esbuild.BuildOptions,
  | "entryPoints"
  | "bundle"
  | "format"
  | "write"
  | "outfile"
  | "outdir"
  | "globalName"
  | "sourcemap"
  | "metafile"
>;

/**
 * Makes the code of a plugin with esbuild.
 *
 * @param prefix What esbuild puts before the paths of the sources.
 */
export async function bundle(
  bundler: Bundler,
  entry: string,
  options: BundleOptions,
  prefix = "",
): Promise<Outcome> {
  const fileOf = (path: string): string =>
    path.startsWith(prefix) ? path.slice(prefix.length) : path;
  try {
    const { outputFiles, metafile } = await bundler.build({
      platform: "neutral",
      mainFields: ["module", "main"],
      target: "es2023",
      logLevel: "silent",
      ...options,
      entryPoints: [entry],
      bundle: true,
      format: "iife",
      globalName: "plugin",
      write: false,
      outfile: "plugin.js",
      sourcemap: "external",
      sourcesContent: false,
      metafile: true,
      plugins: [sdk, ...(options.plugins ?? [])],
    });
    const textOf = (extension: string): string =>
      outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? "";
    const { sources, mappings } = JSON.parse(textOf(".map")) as SourceMap;
    return {
      body: textOf(".js"),
      exports: "plugin",
      sourceMap: { sources: sources.map(fileOf), mappings },
      inputs: Object.keys(metafile.inputs)
        .filter((path) => !path.startsWith(`${NAMESPACE}:`))
        .map(fileOf),
    };
  } catch (error) {
    const { errors } = error as Partial<esbuild.BuildFailure>;
    if (errors === undefined) throw error;
    return { diagnostics: errors.map((each) => diagnosticOf(each, fileOf)) };
  }
}

function diagnosticOf(
  { text, location }: esbuild.Message,
  fileOf: (path: string) => string,
): Diagnostic {
  const { file = "", line = 1, column = 0 } = location ?? {};
  return { severity: "error", message: text, file: fileOf(file), line, column: column + 1 };
}

/** The namespace of esbuild for the package. */
const NAMESPACE = "cloche";

/** Resolves the package to what the runtime passes to the script. */
const sdk: esbuild.Plugin = {
  name: "cloche",
  setup(build) {
    build.onResolve({ filter: new RegExp(`^${SDK}$`) }, () => ({
      path: SDK,
      namespace: NAMESPACE,
    }));
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, () => ({
      contents: "module.exports = cloche;",
    }));
  },
};

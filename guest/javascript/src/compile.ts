import { type BundleOptions, type Bundler, bundle } from "./bundle.ts";
import type { Diagnostic } from "./describe/diagnostic.ts";
import type { Sources } from "./describe/module-graph.ts";
import { type Compiled, make } from "./make.ts";
import { resolveIn } from "./resolve.ts";
import { singleFile } from "./single-file.ts";

export type { BundleOptions, Bundler, Compiled, Diagnostic };

export interface CompileOptions {
  /** The path of the module to start from. Default `"plugin.ts"`. */
  readonly entry?: string;
  /** The content of `@cloche/javascript/template.wasm`. */
  readonly template: Uint8Array<ArrayBuffer>;
  /** `esbuild` or an initialized `esbuild-wasm`. Without it a plugin is one module. */
  readonly esbuild?: Bundler;
  /** More options for esbuild. */
  readonly bundle?: BundleOptions;
}

/**
 * Compiles a plugin from sources in memory, in browsers and elsewhere.
 *
 * @param sources The modules by their paths, or the text of the only one.
 * @throws {TypeError} The sources do not have the entry.
 */
export async function compile(
  sources: string | Readonly<Record<string, string>>,
  { entry = "plugin.ts", template, esbuild, bundle: options = {} }: CompileOptions,
): Promise<Compiled> {
  const files = new Map(
    Object.entries(typeof sources === "string" ? { [entry]: sources } : sources),
  );
  const code = files.get(entry);
  if (code === undefined) throw new TypeError(`Invalid entry: "${entry}" is not in the sources`);
  const read = (file: string): string => files.get(file) ?? "";
  const resolve: Sources["resolve"] = (specifier, from) =>
    resolveIn(specifier, from, (file) => files.has(file));
  return make(entry, { read, resolve }, template, async () => {
    if (esbuild === undefined) return singleFile(entry, code);
    const plugins = [inMemory({ read, resolve }), ...(options.plugins ?? [])];
    return bundle(esbuild, entry, { ...options, plugins }, `${SOURCES}:`);
  });
}

/** The namespace of esbuild for sources in memory, which it puts before their paths. */
const SOURCES = "cloche-sources";

/** A plugin of esbuild that resolves and loads sources in memory. */
function inMemory({ read, resolve }: Sources): NonNullable<BundleOptions["plugins"]>[number] {
  return {
    name: SOURCES,
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        const file = kind === "entry-point" ? path : resolve(path, importer);
        return file === undefined ? undefined : { path: file, namespace: SOURCES };
      });
      build.onLoad({ filter: /.*/, namespace: SOURCES }, ({ path }) => ({
        contents: read(path),
        loader: "default",
      }));
    },
  };
}

/** Builds JavaScript and TypeScript. */

import { resolve } from "node:path";
import type { Builder, Diagnostic } from "./builder.ts";
import { importSdk } from "./sdk.ts";

/** What this needs of `@cloche/javascript/build`. */
interface Sdk {
  readonly build: (
    entry: string,
    options: { readonly minify: boolean; readonly plugins: readonly InputsPlugin[] },
  ) => Promise<{
    readonly wasm?: Uint8Array | undefined;
    readonly diagnostics: readonly Diagnostic[];
  }>;
}

/** A plugin of esbuild. */
interface InputsPlugin {
  readonly name: string;
  readonly setup: (build: {
    onLoad: (
      options: { filter: RegExp; namespace: string },
      load: (file: { path: string }) => undefined,
    ) => void;
  }) => void;
}

export const buildJavaScript: Builder = async (file, { root, isProduction }) => {
  const { build } = await importSdk<Sdk>(root, "@cloche/javascript/build");
  const inputs = new Set([file]);
  const noteInputs: InputsPlugin = {
    name: "inputs",
    setup: ({ onLoad }) =>
      onLoad({ filter: /.*/, namespace: "file" }, ({ path }) => void inputs.add(path)),
  };
  const { wasm, diagnostics } = await build(file, { minify: isProduction, plugins: [noteInputs] });
  return {
    wasm,
    inputs: [...inputs],
    diagnostics: diagnostics.map((each) =>
      each.file === undefined ? each : { ...each, file: resolve(each.file) },
    ),
  };
};

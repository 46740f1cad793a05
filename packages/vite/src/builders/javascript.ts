/** Builds JavaScript and TypeScript. */

import { resolve } from "node:path";
import type { Builder, Diagnostic } from "./builder.ts";
import { importSdk } from "./sdk.ts";

/** What this needs of `@cloche/javascript/build`. Paths are relative to the working directory. */
interface Sdk {
  readonly build: (
    entry: string,
    options: { readonly minify: boolean },
  ) => Promise<{
    readonly wasm?: Uint8Array | undefined;
    readonly diagnostics: readonly Diagnostic[];
    readonly inputs: readonly string[];
  }>;
}

export const buildJavaScript: Builder = async (file, { root, isProduction }) => {
  const { build } = await importSdk<Sdk>(root, "@cloche/javascript/build");
  const { wasm, diagnostics, inputs } = await build(file, { minify: isProduction });
  return {
    wasm,
    inputs: inputs.map((input) => resolve(input)),
    diagnostics: diagnostics.map((each) =>
      each.file === undefined ? each : { ...each, file: resolve(each.file) },
    ),
  };
};

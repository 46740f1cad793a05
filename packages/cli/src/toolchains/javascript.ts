/** Builds JavaScript and TypeScript with their SDK. */

import { Failure } from "../failure.ts";
import { importFrom } from "./packages.ts";
import type { Project } from "./project.ts";

/** What this needs of `@cloche/javascript/build`. */
interface Sdk {
  readonly build: (
    entry: string,
    options?: { readonly minify?: boolean },
  ) => Promise<{
    readonly wasm?: Uint8Array<ArrayBuffer>;
    readonly diagnostics: readonly Diagnostic[];
  }>;
}

interface Diagnostic {
  readonly severity: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export async function buildJavaScript(
  { folder, entry }: Project,
  isRelease: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const { build } = await importFrom<Sdk>(folder, "@cloche/javascript/build");
  const { wasm, diagnostics } = await build(entry, { minify: isRelease });
  for (const { severity, message, file, line, column } of diagnostics) {
    const place = [file, line, column].filter((each) => each !== undefined).join(":");
    process.stderr.write(`${place === "" ? "" : `${place}: `}${severity}: ${message}\n`);
  }
  if (wasm === undefined) throw new Failure("Cannot build: see above");
  return wasm;
}

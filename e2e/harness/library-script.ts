import { join } from "node:path";
import { build } from "esbuild";

/** The library as a classic script that defines `cloche`. */
export async function libraryScript(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "cloche"', resolveDir: join(import.meta.dirname, "../..") },
    ...{ bundle: true, format: "iife", globalName: "cloche", write: false },
  });
  return outputFiles[0]?.text ?? "";
}

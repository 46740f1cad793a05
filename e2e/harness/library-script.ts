import { join } from "node:path";
import { build } from "esbuild";

/** The library, or another of its entries, as a classic script that defines `cloche`. */
export async function libraryScript(entry: "cloche" | "cloche/slim" = "cloche"): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from "${entry}"`, resolveDir: join(import.meta.dirname, "../..") },
    ...{ bundle: true, format: "iife", globalName: "cloche", write: false },
  });
  return outputFiles[0]?.text ?? "";
}

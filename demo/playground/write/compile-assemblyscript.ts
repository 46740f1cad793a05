/** AssemblyScript to a plugin, in a worker. */

import { type Compiled, compile } from "@cloche/assemblyscript/compile";
import type { Compile } from "./compiler-worker.ts";

const ENTRY = "index.ts";

export const compileAssemblyscript: Compile = async (source) => {
  const compiled = await compile({ [ENTRY]: source });
  if (hasCrashed(compiled)) throw new Error(compiled.diagnostics.at(-1)?.message);
  return compiled;
};

/** A mistake in the source has a place; what has none is a fault of the compiler. */
function hasCrashed({ wasm, diagnostics }: Compiled): boolean {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return wasm === undefined && errors.every(({ file }) => file === undefined);
}

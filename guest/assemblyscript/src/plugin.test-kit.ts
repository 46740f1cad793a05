import { type CompileOptions, compile, type Sources } from "./compile.ts";

export { schemaOf, TestPlugin } from "../../conformance/plugin.test-kit.ts";

/** Compiles a plugin. Fails if the compiler has anything to say. */
export async function compileCleanly(
  sources: Sources,
  options?: CompileOptions,
): Promise<WebAssembly.Module> {
  const { wasm, diagnostics } = await compile(sources, options);
  if (wasm === undefined || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return new WebAssembly.Module(wasm);
}

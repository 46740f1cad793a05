import { readFileSync } from "node:fs";
import * as esbuild from "esbuild";
import { TestPlugin } from "../../conformance/plugin.test-kit.ts";
import { compile } from "./compile.ts";

/** Of the last build. */
const TEMPLATE = new URL("../dist/template.wasm", import.meta.url);

export const template: Uint8Array<ArrayBuffer> = new Uint8Array(readFileSync(TEMPLATE));

type Sources = Parameters<typeof compile>[0];

/** Compiles a plugin. Fails if there is anything to say. */
export async function compileCleanly(
  sources: Sources,
  { entry = "plugin.ts", bundled = false }: { entry?: string; bundled?: boolean } = {},
): Promise<WebAssembly.Module> {
  const options = { entry, template, ...(bundled && { esbuild }) };
  const { wasm, diagnostics } = await compile(sources, options);
  if (wasm === undefined || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return new WebAssembly.Module(wasm);
}

/** Compiles a plugin and starts it. */
export async function start(
  sources: Sources,
  options: ConstructorParameters<typeof TestPlugin>[1] = {},
): Promise<TestPlugin> {
  return new TestPlugin(await compileCleanly(sources), options);
}

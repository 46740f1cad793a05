// Builds the examples into public/plugins, where the demo and the tests of Cloche find them. They are not
// in git: each contains QuickJS.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { build } from "@cloche/javascript/build";

const PLUGINS = {
  "double.ts": "double-javascript.wasm",
  "conformance.ts": "fixtures/conformance-javascript.wasm",
  "todos.ts": "fixtures/todos-javascript.wasm",
};

const root = resolve(import.meta.dirname, "../../..");
process.chdir(resolve(import.meta.dirname, "../examples"));
for (const [source, place] of Object.entries(PLUGINS)) {
  const { wasm, diagnostics } = await build(source);
  for (const { severity, message, file, line, column } of diagnostics)
    console.error(`${file}:${line}:${column} ${severity}: ${message}`);
  if (wasm === undefined) process.exit(1);
  const path = resolve(root, "public/plugins", place);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, wasm);
}

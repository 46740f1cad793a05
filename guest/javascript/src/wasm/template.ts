import { RUNTIME_FILE } from "../runtime/file-names.ts";
import { merge } from "./merge.ts";
import { snapshot } from "./snapshot.ts";
import { readModule, writeModule } from "./wasm-module.ts";

/**
 * Makes the template of all plugins: QuickJS with the shim, started and with the runtime loaded.
 *
 * @param engine `quickjs.wasm` of quickjs-wasi.
 * @param shim `shim/shim.wat`, assembled.
 * @param runtime The text of src/runtime as a function: `(natives) => dispatch`.
 */
export async function makeTemplate(
  engine: Uint8Array,
  shim: Uint8Array,
  runtime: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const module = merge(readModule(engine), readModule(shim));
  await snapshot(module, writeModule(module), ({ setup }, place) =>
    setup(...place(runtime), place(RUNTIME_FILE)[0]),
  );
  return writeModule(module);
}

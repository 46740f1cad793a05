// Runs a plugin on both engines, then leaves one at work.
import { loadPlugin, t } from "cloche";
import { readFolder } from "cloche/node";
import { wasmer } from "cloche/wasmer";

const files = await readFolder("folder");
async function run(options) {
  const plugin = await loadPlugin("plugins/double.wasm", { files, restart: true, ...options });
  return plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
}
console.log(String(await Promise.all([run(), run({ wasi: wasmer(), restart: false })])));

const slow = await loadPlugin("plugins/slow.wasm");
// Nobody waits for it but the process.
void slow
  .function("slow", [], t.unit)()
  .then(() => console.log("after the call"));

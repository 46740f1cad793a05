import { loadPlugin, t } from "cloche";

await using plugin = await loadPlugin("/plugins/double.wasm", {
  stdout: (text) => console.log(text),
});
const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));

await double([1, 2, 3]); // [2, 4, 6]
await double.with({ timeoutMs: 50 })([0.5]); // [1]

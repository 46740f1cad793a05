// Runs a plugin in every way, and shows the results.
import { loadPlugin, t } from "cloche";
import { loadPlugin as loadSlim } from "cloche/slim";
import { wasmer } from "cloche/wasmer";
import { workerUrl } from "./worker-url.js";

async function double(load, options) {
  const plugin = await load("/plugins/double.wasm", options);
  return plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([21]);
}

const WAYS = {
  inlined: () => double(loadPlugin),
  wasmer: () => double(loadPlugin, { wasi: wasmer() }),
  strict: () => double(loadPlugin, { isolation: "strict" }),
  hosted: () => double(loadSlim, { worker: workerUrl }),
};

export async function show() {
  const asked = new URLSearchParams(location.search).get("ways")?.split(",") ?? Object.keys(WAYS);
  const results = await Promise.all(
    asked.map(async (way) => `${way} ${await WAYS[way]().catch(String)}`),
  );
  document.querySelector("output").textContent = results.join(", ");
}

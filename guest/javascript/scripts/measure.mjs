// Compares the plugin in JavaScript with the same one in Rust: a call's time and a load's, as ratios.
// Build first (npm run build).
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { WASI } from "node:wasi";
import { loadPlugin, t } from "cloche";

const ROUNDS = 60;
const plugins = resolve(import.meta.dirname, "../../../public/plugins");
const files = { rust: `${plugins}/double.wasm`, javascript: `${plugins}/double-javascript.wasm` };

/** The least time of several rounds, of both in turn, in µs a call. */
async function timeBoth(perRound, runs) {
  const best = { rust: Infinity, javascript: Infinity };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(runs)) {
      const started = performance.now();
      await run(perRound);
      best[name] = Math.min(best[name], ((performance.now() - started) * 1000) / perRound);
    }
  }
  return best;
}

function tell(what, { rust, javascript }) {
  const times = [rust, javascript].map((time) => `${time.toFixed(1)} µs`).join(" and ");
  console.log(`${what}: ${(javascript / rust).toFixed(1)} times Rust (${times})`);
}

async function ofBoth(make) {
  return { rust: await make(files.rust), javascript: await make(files.javascript) };
}

/** The guest alone: its calls without Cloche around them. */
function bare(file, numbers) {
  const wasi = new WASI({ version: "preview1" });
  const module = new WebAssembly.Module(readFileSync(file));
  const instance = new WebAssembly.Instance(module, wasi.getImportObject());
  wasi.initialize(instance);
  const { memory, __alloc_buffer, __free_buffer, __double } = instance.exports;
  const message = new Uint8Array(8 + 8 * numbers.length);
  new DataView(message.buffer).setUint32(0, numbers.length, true);
  message.set(new Uint8Array(Float64Array.from(numbers).buffer), 8);
  return (count) => {
    for (let index = 0; index < count; index += 1) {
      const pointer = __alloc_buffer(message.length);
      new Uint8Array(memory.buffer).set(message, pointer);
      __free_buffer(__double((BigInt(pointer) << 32n) | BigInt(message.length)));
    }
  };
}

const three = [1, 2, 3];
const many = Array.from({ length: 100_000 }, (_, index) => index / 3);
tell(
  "A call with 3 numbers, the guest alone",
  await timeBoth(500, await ofBoth((file) => bare(file, three))),
);
tell(
  "A call with 100,000 numbers, the guest alone",
  await timeBoth(3, await ofBoth((file) => bare(file, many))),
);

const calls = (plugin, numbers) => async (count) => {
  const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
  for (let index = 0; index < count; index += 1) await double(numbers);
};
for (const [numbers, count] of /** @type {const} */ ([
  [three, 500],
  [many, 3],
])) {
  const loaded = await ofBoth(loadPlugin);
  const runs = { rust: calls(loaded.rust, numbers), javascript: calls(loaded.javascript, numbers) };
  tell(`A call with ${numbers.length} numbers, through Cloche`, await timeBoth(count, runs));
  await Promise.all(Object.values(loaded).map((plugin) => plugin.close()));
}

const loads = (file) => async () => (await loadPlugin(file)).close();
tell("A load and a close", await timeBoth(1, await ofBoth(loads)));

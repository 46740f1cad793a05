/** The time from loading a plugin to the result of its first call. */

import { createPool, type LoadOptions, loadPlugin, type ModuleSource, prepare, t } from "cloche";
import { type Remote, wrap } from "comlink";
import {
  bareWorkerStarter,
  coldDoubleUrl,
  compileDouble,
  DOUBLE_URL,
  startComlinkWorker,
} from "./baselines.ts";
import type { ComlinkApi } from "./comlink-worker.ts";
import { coldExtismUrl, EXTISM, loadExtismDouble } from "./extism.ts";
import {
  type Contestant,
  expectEqual,
  type Group,
  isIsolated,
  race,
  type Table,
} from "./measure.ts";

const KERNELS_URL = "/plugins/kernels.wasm";

const BARE = "bare blob worker";
const COMLINK = "Comlink worker";
const WARM = "warm bare worker";
const FIRST = "plugin, no spare worker";
/** What a server takes to answer that is not on this machine. */
const FAR_MS = 40;

const STRICT = "plugin, isolated strictly";
const FROM_DATA = "plugin, its worker from a data: address";

export const load: Group = {
  name: "load",
  pages: ["isolated", "not isolated"],
  run: async () => {
    const startWorker = await bareWorkerStarter();
    const module = await compileDouble();
    const numbers = new Float64Array([21]);
    const script = await (await fetch("/cloche-worker.js")).text();
    const scriptUrl = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const dataUrl = `data:text/javascript,${encodeURIComponent(script)}`;

    const bare = async (compiled: WebAssembly.Module | Promise<WebAssembly.Module>) => {
      const worker = startWorker();
      const request = { module: await compiled, numbers, answer: "clone" } as const;
      expectEqual((await worker.double(request))[0], 42);
      return () => worker.terminate();
    };
    const comlink = async (compiled: WebAssembly.Module | Promise<WebAssembly.Module>) => {
      const worker = startComlinkWorker();
      const remote: Remote<ComlinkApi> = wrap<ComlinkApi>(worker);
      await remote.start(await compiled);
      expectEqual((await remote.double(numbers))[0], 42);
      return () => worker.terminate();
    };
    const extism = async (source: string | WebAssembly.Module) => {
      const loaded = await loadExtismDouble(source);
      expectEqual((await loaded.call(numbers))[0], 42);
      return () => loaded.close();
    };
    const extismModule = await WebAssembly.compileStreaming(fetch(coldExtismUrl()));
    const onIsolated = (contestant: Contestant) => (isIsolated() ? [contestant] : []);
    const plugin = async (source: ModuleSource, options: LoadOptions = {}) => {
      const loaded = await loadPlugin(source, options);
      const double = loaded.function("double", [t.f64Array], t.f64Array);
      expectEqual((await double(numbers))[0], 42);
      return () => loaded.terminate();
    };

    /** A worker that the page makes: no spare one waits for its plugin. */
    const own = { worker: () => new Worker(scriptUrl) };

    // Cloche starts a spare worker after a load, which is to be ready by the next one.
    const common = { unit: "ms", baseline: BARE, rounds: 25, warmUps: 4, restMs: 130 } as const;
    const cached = await race({
      ...common,
      title: "load to first answer, module compiled before",
      headlines: { plugin: "load of a compiled module to a bare blob worker" },
      contestants: [
        { name: BARE, run: () => bare(module) },
        { name: COMLINK, run: () => comlink(module) },
        ...onIsolated({ name: EXTISM, run: () => extism(extismModule) }),
        { name: "plugin", run: () => plugin(module) },
        { name: FIRST, run: () => plugin(module, own) },
        { name: FROM_DATA, run: () => plugin(module, { worker: () => new Worker(dataUrl) }) },
      ],
    });
    const cold = await race({
      ...common,
      title: "load to first answer, module from the server",
      headlines: {
        plugin: "load from an address to a bare blob worker",
        [FIRST]: "the same, of the first plugin of a page",
        [STRICT]: "the same, isolated strictly",
      },
      contestants: [
        { name: BARE, run: () => bare(WebAssembly.compileStreaming(fetch(coldDoubleUrl()))) },
        {
          name: COMLINK,
          run: () => comlink(WebAssembly.compileStreaming(fetch(coldDoubleUrl()))),
        },
        ...onIsolated({ name: EXTISM, run: () => extism(coldExtismUrl()) }),
        { name: "plugin", run: () => plugin(coldDoubleUrl()) },
        { name: FIRST, run: () => plugin(coldDoubleUrl(), own) },
        { name: STRICT, run: () => plugin(coldDoubleUrl(), { isolation: "strict" }) },
      ],
    });
    const farUrl = () => `${coldDoubleUrl()}&after=${FAR_MS}`;
    const far = await race({
      ...common,
      rounds: 20,
      title: `load to first answer, module from a server ${FAR_MS} ms away`,
      headlines: { [FIRST]: `load of the first plugin of a page, from a server ${FAR_MS} ms away` },
      contestants: [
        { name: BARE, run: () => bare(WebAssembly.compileStreaming(fetch(farUrl()))) },
        ...onIsolated({ name: EXTISM, run: () => extism(`${coldExtismUrl()}&after=${FAR_MS}`) }),
        { name: "plugin", run: () => plugin(farUrl()) },
        { name: FIRST, run: () => plugin(farUrl(), own) },
      ],
    });
    const bytes = await (await fetch(DOUBLE_URL)).arrayBuffer();
    const known = await race({
      ...common,
      title: "load to first answer, module known to the page",
      headlines: { "plugin, from bytes": "load of a module that is known to a bare blob worker" },
      contestants: [
        { name: BARE, run: () => bare(module) },
        ...onIsolated({ name: EXTISM, run: () => extism(extismModule) }),
        { name: "plugin, from bytes", run: () => plugin(bytes) },
        { name: "plugin, from an address", run: () => plugin(DOUBLE_URL) },
      ],
    });
    return [cached, known, cold, far, await ahead(), await pool()];
  },
};

/** What is left to do when the worker is up before: of a bare one that gets its module then. */
async function ahead(): Promise<Table> {
  const startWorker = await bareWorkerStarter();
  const module = await compileDouble();
  const prepared = await prepare(DOUBLE_URL);
  const numbers = new Float64Array([21]);
  const echo = new Uint8Array();
  let warm = startWorker();
  await warm.echo(echo);
  const table = await race({
    unit: "ms",
    baseline: WARM,
    rounds: 40,
    warmUps: 5,
    // The next one starts meanwhile.
    restMs: 150,
    title: "first answer, worker started before",
    headlines: { "prepared plugin": "first answer of a prepared plugin to a warm bare worker" },
    contestants: [
      {
        name: WARM,
        run: async () => {
          const used = warm;
          expectEqual((await used.double({ module, numbers, answer: "clone" }))[0], 42);
          return () => {
            used.terminate();
            warm = startWorker();
            void warm.echo(echo);
          };
        },
      },
      {
        name: "prepared plugin",
        run: async () => {
          const plugin = await prepared.load();
          const double = plugin.function("double", [t.f64Array], t.f64Array);
          expectEqual((await double(numbers))[0], 42);
          return () => plugin.terminate();
        },
      },
    ],
  });
  warm.terminate();
  await prepared.close();
  return table;
}

/** How a pool scales: calls that take some milliseconds, in one plugin and in several. */
async function pool(): Promise<Table> {
  const CALLS = 16;
  const ONE = "1 plugin";
  const sizes = [1, 2, 4];
  const pools = await Promise.all(sizes.map((size) => createPool(KERNELS_URL, { size })));
  const table = await race({
    unit: "ms",
    baseline: ONE,
    rounds: 15,
    warmUps: 8,
    title: "16 calls of some ms, in a pool",
    headlines: { "2 plugins": "16 calls in a pool of two to one plugin" },
    contestants: pools.map((pool, index) => {
      const crc32 = pool.function("crc32", [t.u32], t.u32);
      const size = sizes[index];
      return {
        name: size === 1 ? ONE : `${size} plugins`,
        run: async () => {
          await Promise.all(Array.from({ length: CALLS }, () => crc32(32)));
        },
      };
    }),
  });
  for (const each of pools) each.terminate();
  return table;
}

/** How loading scales: with the number of plugins, and with plugins of one module. */

import { loadPlugin, type Plugin, t } from "cloche";
import { bareWorkerStarter, coldDoubleUrl, compileDouble, DOUBLE_URL } from "./baselines.ts";
import { expectEqual, type Group, isBrief, race, type Table } from "./measure.ts";

/** Chromium allows about 120 memories a process. */
const MANY = isBrief() ? 20 : 100;
const FEW = isBrief() ? 5 : 10;
const FEW_PLUGINS = "10 plugins";
const DOCUMENTS_URL = "/plugins/documents.wasm";

export const manyPlugins: Group = {
  name: "many-plugins",
  run: async () => [await many(), await second()],
};

/** The time a plugin, from load to first answer, when a number of them are loaded at once and kept. */
async function many(): Promise<Table> {
  const startWorker = await bareWorkerStarter();
  const module = await compileDouble();
  const numbers = new Float64Array([21]);
  const bareWorkers = async (number: number) => {
    const workers = Array.from({ length: number }, startWorker);
    const request = { module, numbers, answer: "clone" } as const;
    const answers = await Promise.all(workers.map((worker) => worker.double(request)));
    expectEqual(answers[number - 1]?.[0], 42);
    return () => {
      for (const worker of workers) worker.terminate();
    };
  };
  const plugins = async (number: number) => {
    const loaded = await Promise.all(
      Array.from({ length: number }, async (): Promise<Plugin> => {
        const plugin = await loadPlugin(DOUBLE_URL);
        const double = plugin.function("double", [t.f64Array], t.f64Array);
        expectEqual((await double(numbers))[0], 42);
        return plugin;
      }),
    );
    return () => {
      for (const plugin of loaded) plugin.terminate();
    };
  };
  return race({
    title: "load of many plugins, a plugin",
    unit: "ms",
    baseline: FEW_PLUGINS,
    headlines: { "100 plugins": "100 plugins to 10, a plugin" },
    contestants: [
      { name: "10 bare workers", operations: FEW, run: () => bareWorkers(FEW) },
      { name: "100 bare workers", operations: MANY, run: () => bareWorkers(MANY) },
      { name: FEW_PLUGINS, operations: FEW, run: () => plugins(FEW) },
      { name: "100 plugins", operations: MANY, run: () => plugins(MANY) },
    ],
    rounds: 5,
    warmUps: 1,
    // A browser takes more than a second to end 100 workers, and their memories count until then.
    restMs: 2000,
  });
}

/** The first plugin of a module that the page has not seen, and the second. */
async function second(): Promise<Table> {
  const load = async (address: string) => {
    const plugin = await loadPlugin(address);
    const render = plugin.function("render", [t.string], t.string);
    expectEqual(await render("a"), "<p>a</p>\n");
    return plugin;
  };
  const small = async (address: string) => {
    const plugin = await loadPlugin(address);
    const double = plugin.function("double", [t.f64Array], t.f64Array);
    expectEqual((await double(new Float64Array([21])))[0], 42);
    return plugin;
  };
  await small(DOUBLE_URL);
  await load(DOCUMENTS_URL);
  const FIRST = "first plugin of 262 KB";
  const contestant = (name: string, start: () => Promise<Plugin>) => ({
    name,
    run: async () => {
      const plugin = await start();
      return () => plugin.terminate();
    },
  });
  return race({
    title: "first and second plugin of a module",
    unit: "ms",
    baseline: FIRST,
    headlines: { "second plugin of 262 KB": "second plugin of a module to the first" },
    contestants: [
      contestant(FIRST, () => load(`${DOCUMENTS_URL}?cold=${crypto.randomUUID()}`)),
      contestant("second plugin of 262 KB", () => load(DOCUMENTS_URL)),
      contestant("first plugin of 59 KB", () => small(coldDoubleUrl())),
      contestant("second plugin of 59 KB", () => small(DOUBLE_URL)),
    ],
    rounds: 30,
    warmUps: 5,
    restMs: 20,
  });
}

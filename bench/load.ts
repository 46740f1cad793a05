/** The time from loading a plugin to the result of its first call. */

import { type LoadOptions, loadPlugin, type ModuleSource, t } from "cloche";
import { bareWorkerStarter, compileDouble, DOUBLE_URL } from "./baselines.ts";
import { expectEqual, type Group, race } from "./measure.ts";

const BARE = "bare blob worker";
const STRICT = "plugin, isolated strictly";
const FROM_DATA = "plugin, its worker from a data: address";

export const load: Group = {
  name: "load",
  run: async () => {
    const startWorker = await bareWorkerStarter();
    const module = await compileDouble();
    const numbers = new Float64Array([21]);
    const script = await (await fetch("/cloche-worker.js")).text();
    const worker = `data:text/javascript,${encodeURIComponent(script)}`;

    const bare = async (compiled: WebAssembly.Module | Promise<WebAssembly.Module>) => {
      const worker = startWorker();
      const request = { module: await compiled, numbers, isTransferred: false };
      expectEqual((await worker.double(request))[0], 42);
      return () => worker.terminate();
    };
    const plugin = async (source: ModuleSource, options: LoadOptions = {}) => {
      const loaded = await loadPlugin(source, options);
      const double = loaded.function("double", [t.f64Array], t.f64Array);
      expectEqual((await double(numbers))[0], 42);
      return () => loaded.terminate();
    };

    const common = { unit: "ms", baseline: BARE, rounds: 40, warmUps: 5, restMs: 20 } as const;
    const cached = await race({
      ...common,
      title: "load to first answer, module compiled before",
      headlines: { plugin: "load of a compiled module to a bare blob worker" },
      contestants: [
        { name: BARE, run: () => bare(module) },
        { name: "plugin", run: () => plugin(module) },
        { name: FROM_DATA, run: () => plugin(module, { worker }) },
      ],
    });
    const cold = await race({
      ...common,
      title: "load to first answer, module from the server",
      headlines: {
        plugin: "load from an address to a bare blob worker",
        [STRICT]: "the same, isolated strictly",
      },
      contestants: [
        { name: BARE, run: () => bare(WebAssembly.compileStreaming(fetch(coldUrl()))) },
        { name: "plugin", run: () => plugin(coldUrl()) },
        { name: STRICT, run: () => plugin(coldUrl(), { isolation: "strict" }) },
      ],
    });
    return [cached, cold];
  },
};

/** The address of a module that this browser has not compiled before: see `server.mjs`. */
function coldUrl(): string {
  return `${DOUBLE_URL}?cold=${crypto.randomUUID()}`;
}

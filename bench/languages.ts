/** The cost of a call and of a load by the language that a plugin is written in. */

import { loadPlugin, t } from "cloche";
import { DOUBLE_URL } from "./baselines.ts";
import { expectEqual, type Group, race } from "./measure.ts";

const CALLS = 200;

const BY_HAND = "Rust, codecs by hand";

/** The plugins, each called through `plugin.api`. */
const PLUGINS: Readonly<Record<string, string>> = {
  Rust: DOUBLE_URL,
  C: "/plugins/double-c.wasm",
  AssemblyScript: "/plugins/double-assemblyscript.wasm",
  "JavaScript, in QuickJS": "/plugins/double-javascript.wasm",
};

interface Double {
  double(x: readonly number[]): number[];
}

export const languages: Group = {
  name: "languages",
  pages: ["isolated"],
  run: async () => {
    const rust = await loadPlugin(DOUBLE_URL);
    const byHand = rust.function("double", [t.vec(t.f64)], t.vec(t.f64));
    const calls: Record<string, () => Promise<number[]>> = { [BY_HAND]: () => byHand([21]) };
    for (const [name, address] of Object.entries(PLUGINS)) {
      const { api } = await loadPlugin<Double>(address);
      expectEqual((await api.double([21]))[0], 42);
      calls[name] = () => api.double([21]);
    }
    const called = await race({
      title: "call of double by language",
      unit: "µs",
      baseline: BY_HAND,
      headlines: { Rust: "a call through plugin.api to one with codecs by hand" },
      contestants: Object.entries(calls).map(([name, call]) => ({
        name,
        operations: CALLS,
        run: async () => {
          for (let index = 0; index < CALLS; index++) await call();
        },
      })),
      rounds: 30,
      warmUps: 10,
    });
    const loaded = await race({
      title: "load to first answer by language, module seen before",
      unit: "ms",
      baseline: "Rust",
      contestants: Object.entries(PLUGINS).map(([name, address]) => ({
        name,
        operations: 1,
        run: async () => {
          const plugin = await loadPlugin<Double>(address);
          expectEqual((await plugin.api.double([21]))[0], 42);
          return () => plugin.terminate();
        },
      })),
      rounds: 20,
      warmUps: 3,
    });
    return [called, loaded];
  },
};

/** The cost of a small call: 16 bytes to a worker and back. */

import { loadPlugin, t } from "cloche";
import { bareWorkerStarter, comlinkEcho, DOUBLE_URL } from "./baselines.ts";
import { expectEqual, type Group, race } from "./measure.ts";
import { loadEverything } from "./plugins.ts";

/** The number of sequential calls in a run: much longer than the resolution of the clock. */
const CALLS = 200;

const IN_FLIGHT = 1000;

const COMLINK = "bare Comlink";
const STRICT = "plugin, isolated strictly";

export const roundTrip: Group = {
  name: "round-trip",
  run: async () => {
    const bytes = new Uint8Array(16);
    const bare = (await bareWorkerStarter())();
    const comlink = comlinkEcho();
    const double = (await loadPlugin(DOUBLE_URL)).function("double", [t.f64Array], t.f64Array);
    const echo = (await loadEverything()).function("echo_u128", [t.u128], t.u128);
    const strict = await loadPlugin(DOUBLE_URL, { isolation: "strict" });
    const strictDouble = strict.function("double", [t.f64Array], t.f64Array);
    const one = new Float64Array([21]);
    expectEqual((await double(one))[0], 42);
    expectEqual(await echo(7n), 7n);

    const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
      ["bare postMessage", () => bare.echo(bytes)],
      [COMLINK, () => comlink.echo(bytes)],
      ["plugin", () => double(one)],
      ["plugin that imports host functions", () => echo(7n)],
      [STRICT, () => strictDouble(one)],
    ];
    const oneByOne = await race({
      title: "16-byte call",
      unit: "µs",
      baseline: COMLINK,
      headlines: {
        plugin: "16-byte call to a Comlink call",
        [STRICT]: "the same, isolated strictly",
      },
      contestants: calls.map(([name, call]) => ({
        name,
        operations: CALLS,
        run: async () => {
          for (let index = 0; index < CALLS; index++) await call();
        },
      })),
      rounds: 60,
      warmUps: 15,
    });
    const inFlight = await race({
      title: `16-byte call, ${IN_FLIGHT} in flight`,
      unit: "µs",
      baseline: COMLINK,
      headlines: { plugin: `the same with ${IN_FLIGHT} in flight` },
      rate: "calls/s",
      contestants: calls.map(([name, call]) => ({
        name,
        operations: IN_FLIGHT,
        run: async () => {
          await Promise.all(Array.from({ length: IN_FLIGHT }, call));
        },
      })),
      rounds: 30,
      warmUps: 10,
    });
    return [oneByOne, inFlight];
  },
};

/** The cost of a small call: 16 bytes to a worker and back. */

import { type LoadOptions, loadPlugin, t } from "cloche";
import { bareWorkerStarter, comlinkWorker, DOUBLE_URL, startEchoInFrame } from "./baselines.ts";
import { EXTISM, loadExtismDouble } from "./extism.ts";
import { expectEqual, type Group, isIsolated, race } from "./measure.ts";
import { loadEverything } from "./plugins.ts";

/** The number of sequential calls in a run: much longer than the resolution of the clock. */
const CALLS = 200;

const IN_FLIGHT = 1000;

const COMLINK = "bare Comlink";
const STRICT = "plugin, isolated strictly";
const MESSAGES = "plugin, messages";
const SHARED = "plugin, shared memory";

/** The lane that a plugin has if nobody asks for one. */
const usual = () => (isIsolated() ? SHARED : MESSAGES);

export const roundTrip: Group = {
  name: "round-trip",
  pages: ["isolated", "not isolated"],
  run: async () => {
    const bytes = new Uint8Array(16);
    const bare = (await bareWorkerStarter())();
    const comlink = comlinkWorker();
    const echoInFrame = startEchoInFrame();
    const echo = (await loadEverything()).function("echo_u128", [t.u128], t.u128);
    expectEqual(await echo(7n), 7n);
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      "bare postMessage": () => bare.echo(bytes),
      [COMLINK]: () => comlink.echo(bytes),
      ...(isIsolated() && { [SHARED]: await loadDouble({ lane: "shared-memory" }) }),
      [MESSAGES]: await loadDouble({ lane: "messages" }),
      "plugin that imports host functions": () => echo(7n),
      [STRICT]: await loadDouble({ isolation: "strict" }),
      "bare port to a worker in a sandboxed frame": () => echoInFrame(bytes),
    };
    const extism = isIsolated() ? await loadExtismDouble() : undefined;
    const numbers = new Float64Array([21, 21]);

    const common = { unit: "µs", baseline: COMLINK } as const;
    const oneByOne = await race({
      ...common,
      title: "16-byte call",
      headlines: {
        [usual()]: "16-byte call to a Comlink call",
        [STRICT]: "the same, isolated strictly",
      },
      contestants: [
        ...Object.entries(calls).map(([name, call]) => ({
          name,
          operations: CALLS,
          run: async () => {
            for (let index = 0; index < CALLS; index++) await call();
          },
        })),
        ...(extism === undefined
          ? []
          : [
              {
                name: EXTISM,
                operations: CALLS,
                run: async () => {
                  for (let index = 0; index < CALLS; index++) await extism.call(numbers);
                  return () => extism.reset();
                },
              },
            ]),
      ],
      rounds: 60,
      warmUps: 15,
    });
    // Extism takes one call at a time.
    const inFlight = await race({
      ...common,
      title: `16-byte call, ${IN_FLIGHT} in flight`,
      headlines: { [usual()]: `the same with ${IN_FLIGHT} in flight` },
      rate: "calls/s",
      contestants: Object.entries(calls).map(([name, call]) => ({
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

/** A call of `double` with one number: its message has 16 bytes. */
async function loadDouble(options: LoadOptions): Promise<() => Promise<unknown>> {
  const plugin = await loadPlugin(DOUBLE_URL, options);
  if (options.lane !== undefined) expectEqual(plugin.lane, options.lane);
  const double = plugin.function("double", [t.f64Array], t.f64Array);
  const one = new Float64Array([21]);
  expectEqual((await double(one))[0], 42);
  return () => double(one);
}

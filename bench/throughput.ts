/** The cost of large calls: `double` on megabytes. The caller keeps its array. */

import { loadPlugin, t } from "cloche";
import {
  bareWorkerStarter,
  comlinkWorker,
  compileDouble,
  DOUBLE_URL,
  inThreadDouble,
} from "./baselines.ts";
import { EXTISM, loadExtismDouble } from "./extism.ts";
import { type Contestant, expectEqual, type Group, race, scaled, type Table } from "./measure.ts";

const COMLINK = "Comlink, structured clone";
const MIB = 2 ** 20;
/** Extism keeps what it was sent, and takes seconds for more. */
const MAX_EXTISM_MIB = 8;

export const throughput: Group = {
  name: "throughput",
  run: async () => {
    const inThread = await inThreadDouble();
    const loadDouble = async () =>
      (await loadPlugin(DOUBLE_URL)).function("double", [t.f64Array], t.f64Array);
    // One for each way to call it: they share memory that is used again.
    const double = await loadDouble();
    const doubleInto = await loadDouble();
    const doubleGiven = await loadDouble();
    const startBare = await bareWorkerStarter();
    const first = new Float64Array([1]);
    // One for each way too: the second in a row would find its memory in the processor's cache.
    const [bare, bareGiven] = [startBare(), startBare()];
    for (const worker of [bare, bareGiven]) {
      await worker.double({ module: await compileDouble(), numbers: first, answer: "clone" });
    }
    const comlink = comlinkWorker();
    await comlink.start(await compileDouble());
    const extism = await loadExtismDouble();

    const raceOn = (mebibytes: number, rounds: number, warmUps: number): Promise<Table> => {
      const numbers = Float64Array.from(
        { length: (scaled(mebibytes) * MIB) / Float64Array.BYTES_PER_ELEMENT },
        (_, index) => index,
      );
      const check = (doubled: Float64Array) => {
        expectEqual(doubled.length, numbers.length);
        expectEqual(doubled.at(-1), (numbers.at(-1) ?? 0) * 2);
      };
      const into = doubleInto.with({ out: new Float64Array(numbers.length) });
      const givenUp = doubleGiven.with({ transfer: true });
      let [given, travelling] = [numbers.slice(), numbers.slice()];
      const contestants: Contestant[] = [
        { name: "the same Wasm in the page's thread", run: () => check(inThread.double(numbers)) },
        {
          name: "the same, into an array that is used again",
          run: () => check(inThread.doubleInto(numbers, travelling)),
        },
        { name: "plugin", run: async () => check(await double(numbers)) },
        { name: "plugin, into `out`", run: async () => check(await into(numbers)) },
        {
          name: "plugin, array given up",
          run: async () => {
            given.set(numbers.subarray(-1), given.length - 1);
            given = await givenUp(given);
            check(given);
          },
        },
        { name: COMLINK, run: async () => check(await comlink.double(numbers)) },
        {
          name: "bare worker, copy and transfer",
          run: async () =>
            check(await bare.double({ numbers: numbers.slice(), answer: "transfer" })),
        },
        {
          // Only the last number is set anew: the others are doubled again in each round.
          name: "bare worker, transfer ping-pong",
          run: async () => {
            travelling.set(numbers.subarray(-1), travelling.length - 1);
            travelling = (await bareGiven.double({
              numbers: travelling,
              answer: "ping-pong",
            })) as Float64Array<ArrayBuffer>;
            check(travelling);
          },
        },
      ];
      if (mebibytes <= MAX_EXTISM_MIB) {
        contestants.push({
          name: EXTISM,
          run: async () => {
            check(await extism.call(numbers));
            return () => extism.reset();
          },
        });
      }
      return race({
        title: `double, ${mebibytes} MiB`,
        unit: "ms",
        baseline: COMLINK,
        headlines: { plugin: `double on ${mebibytes} MiB to a Comlink clone` },
        contestants,
        rounds,
        warmUps,
      });
    };
    const tables = [await raceOn(1, 60, 15), await raceOn(8, 40, 10)];
    return [...tables, await raceOn(64, 12, 3)];
  },
};

/** The cost of large calls: `double` on megabytes. The caller keeps its array. */

import { loadPlugin, t } from "cloche";
import { bareWorkerStarter, compileDouble, DOUBLE_URL, inThreadDouble } from "./baselines.ts";
import { expectEqual, type Group, race, type Table } from "./measure.ts";

const IN_THREAD = "the same Wasm in the page's thread";
const MIB = 2 ** 20;

export const throughput: Group = {
  name: "throughput",
  run: async () => {
    const inThread = await inThreadDouble();
    const double = (await loadPlugin(DOUBLE_URL)).function("double", [t.f64Array], t.f64Array);
    const bare = (await bareWorkerStarter())();
    const first = new Float64Array([1]);
    await bare.double({ module: await compileDouble(), numbers: first, isTransferred: false });

    const raceOn = (mebibytes: number, rounds: number): Promise<Table> => {
      const numbers = Float64Array.from(
        { length: (mebibytes * MIB) / Float64Array.BYTES_PER_ELEMENT },
        (_, index) => index,
      );
      const check = (doubled: Float64Array) => {
        expectEqual(doubled.length, numbers.length);
        expectEqual(doubled.at(-1), (numbers.at(-1) ?? 0) * 2);
      };
      return race({
        title: `double, ${mebibytes} MiB`,
        unit: "ms",
        baseline: IN_THREAD,
        headlines: { plugin: `double on ${mebibytes} MiB to the page's own thread` },
        contestants: [
          { name: IN_THREAD, run: () => check(inThread.double(numbers)) },
          { name: "plugin", run: async () => check(await double(numbers)) },
          {
            name: "bare worker, copy and transfer",
            run: async () =>
              check(await bare.double({ numbers: numbers.slice(), isTransferred: true })),
          },
          {
            name: "bare worker, structured clone",
            run: async () => check(await bare.double({ numbers, isTransferred: false })),
          },
        ],
        rounds,
        warmUps: 15,
      });
    };
    return [await raceOn(1, 120), await raceOn(8, 60)];
  },
};

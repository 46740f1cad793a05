/** How much memory a large call takes besides the array that the caller has. */

import { type CallOptions, loadPlugin, t } from "cloche";
import { wrap } from "comlink";
import { compileDouble, DOUBLE_URL, inThreadDouble, startComlinkWorker } from "./baselines.ts";
import type { ComlinkApi } from "./comlink-worker.ts";
import {
  expectEqual,
  type Group,
  isBrief,
  type Row,
  roundsOf,
  scaled,
  sleep,
  type Table,
} from "./measure.ts";

const MIB = 2 ** 20;
const PAYLOAD_MIB = 64;
const PAYLOAD = "the caller's array";
/** How long a browser is given to free what the last attempt had. */
const REST_MS = 2000;

type Numbers = Float64Array<ArrayBuffer>;

/** Something that doubles numbers, and has done it once. */
interface Doubler {
  readonly double: (numbers: Numbers) => Float64Array | Promise<Float64Array>;
  readonly end: () => void;
}

const ONE = new Float64Array([1]);

const DOUBLERS: Readonly<Record<string, () => Promise<Doubler>>> = {
  "the same Wasm in the page's thread": async () => {
    const host = await inThreadDouble();
    host.double(ONE);
    return { double: (numbers) => host.double(numbers), end: () => {} };
  },
  plugin: () => startPlugin({}),
  "plugin, into `out`": () => startPlugin({ out: arrayOf(scaled(PAYLOAD_MIB)) }),
  "plugin, array given up": () => startPlugin({ transfer: true }),
  "Comlink, structured clone": async () => {
    const worker = startComlinkWorker();
    const remote = wrap<ComlinkApi>(worker);
    await remote.start(await compileDouble());
    await remote.double(ONE);
    return { double: (numbers) => remote.double(numbers), end: () => worker.terminate() };
  },
};

async function startPlugin(options: CallOptions<Numbers>): Promise<Doubler> {
  const plugin = await loadPlugin(DOUBLE_URL);
  const double = plugin.function("double", [t.f64Array], t.f64Array);
  await double(ONE);
  return { double: double.with(options), end: () => plugin.terminate() };
}

export const memory: Group = {
  name: "memory",
  run: async () => {
    const payload = { name: PAYLOAD, samples: [] as number[] };
    const rows = Object.keys(DOUBLERS).map((name) => ({ name, samples: [] as number[] }));
    for (let round = 0; round < roundsOf(3); round++) {
      payload.samples.push(scaled(PAYLOAD_MIB));
      for (const [index, start] of Object.values(DOUBLERS).entries()) {
        const grown = await grownMiB(start);
        // Only Linux tells.
        if (grown === undefined) return [];
        rows[index]?.samples.push(grown);
      }
    }
    const table: Table = {
      title: `memory at its peak in a call on ${PAYLOAD_MIB} MiB`,
      unit: "MiB",
      baseline: PAYLOAD,
      headlines: { plugin: `memory of a call on ${PAYLOAD_MIB} MiB, in payloads` },
      rate: undefined,
      rows: [payload, ...rows] satisfies Row[],
    };
    return [table];
  },
};

/** How much more memory the browser had during a call than before. */
async function grownMiB(start: () => Promise<Doubler>): Promise<number | undefined> {
  const { double, end } = await start();
  const numbers = arrayOf(scaled(PAYLOAD_MIB));
  await sleep(isBrief() ? 0 : REST_MS);
  const before = await residentMemory();
  const { length } = numbers;
  expectEqual((await double(numbers))[length - 1], 2);
  const after = await residentMemory();
  end();
  return before && after && (after.peakBytes - before.nowBytes) / MIB;
}

/** An array whose pages are there. */
function arrayOf(mebibytes: number): Numbers {
  return new Float64Array((mebibytes * MIB) / Float64Array.BYTES_PER_ELEMENT).fill(1);
}

/** What the browser has now, and has had at most since it was asked last. */
async function residentMemory(): Promise<{ nowBytes: number; peakBytes: number } | undefined> {
  const response = await fetch("/resident-memory", { method: "POST" });
  return response.status === 204 ? undefined : response.json();
}

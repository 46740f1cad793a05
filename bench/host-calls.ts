/** The cost of a host call: from guest to page and back. */

import { type Blocking, t } from "cloche";
import { comlinkWorker } from "./baselines.ts";
import { EXTISM, extismSum } from "./extism.ts";
import type { HostCallOrder, HostCallReport } from "./host-call-worker.ts";
import { type Contestant, expectEqual, type Group, isIsolated, race } from "./measure.ts";
import { loadEverything } from "./plugins.ts";

/** The number of host calls in a run, all made in one call of the guest, whose own cost is negligible. */
const CALLS = 500;

const COMLINK = "page to worker to page, bare Comlink";

export const hostCalls: Group = {
  name: "host-calls",
  pages: ["isolated", "not isolated"],
  run: async () => {
    const comlink = comlinkWorker();
    const bytes = new Uint8Array(16);
    const byComlink = async () => {
      for (let index = 0; index < CALLS; index++) await comlink.echo(bytes);
    };
    const jspi = {
      "bare JSPI and postMessage": await bareSum(false),
      JSPI: await sumThroughHost("jspi"),
    };
    const shared = isIsolated() && {
      "bare Atomics.wait and postMessage": await bareSum(true),
      "shared memory": await sumThroughHost("shared-memory"),
      [EXTISM]: await extismSum(CALLS),
    };
    const runs = Object.entries({ [COMLINK]: byComlink, ...jspi, ...shared });
    const table = await race({
      title: "host call",
      unit: "µs",
      baseline: COMLINK,
      headlines: {
        JSPI: "host call by JSPI to a Comlink call",
        ...(shared && { "shared memory": "host call by shared memory to a Comlink call" }),
      },
      contestants: runs.map(([name, run]): Contestant => ({ name, operations: CALLS, run })),
      rounds: 40,
      warmUps: 10,
    });
    return [table];
  },
};

async function sumThroughHost(blocking: Blocking): Promise<() => Promise<void>> {
  const numbers = new Int32Array(CALLS).fill(1);
  const plugin = await loadEverything({ blocking });
  const sum = plugin.function("sum_through_host", [t.i32Array], t.i32);
  return async () => expectEqual(await sum(numbers), CALLS);
}

/** The same without a library: see `host-call-worker.ts`. */
async function bareSum(isShared: boolean): Promise<() => Promise<void>> {
  const worker = new Worker("/host-call-worker.js", { type: "module" });
  const shared = isShared ? new Int32Array(new SharedArrayBuffer(8)) : undefined;
  const post = (order: HostCallOrder) => worker.postMessage(order, []);
  let end: (sum: number) => void = () => {};
  worker.addEventListener("message", ({ data }: MessageEvent<HostCallReport>) => {
    if ("end" in data) end(data.end);
    else if (shared === undefined) post({ sum: data.a + data.b });
    else {
      Atomics.store(shared, 1, data.a + data.b);
      Atomics.add(shared, 0, 1);
      Atomics.notify(shared, 0);
    }
  });
  const module = await WebAssembly.compileStreaming(fetch("/sum.wasm"));
  post({ module, ...(shared && { shared }) });
  return async () => {
    const ended = new Promise<number>((resolve) => {
      end = resolve;
    });
    post({ calls: CALLS });
    expectEqual(await ended, CALLS);
  };
}

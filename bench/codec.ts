/** What encoding and decoding cost: each workload in a worker of its own, for engines remember what ran. */

import type { CodecRequest } from "./codec-worker.ts";
import { type Group, isBrief, type Table } from "./measure.ts";

const WORKLOADS: readonly CodecRequest["workload"][] = [
  "many structs",
  "single structs",
  "a deep tree",
  "numbers",
];

export const codec: Group = {
  name: "codec",
  run: async () => {
    const tables: Table[] = [];
    for (const workload of WORKLOADS) {
      for (const afterOthers of [false, true]) {
        tables.push(...(await runInWorker({ workload, afterOthers })));
      }
    }
    return tables;
  },
};

function runInWorker(request: CodecRequest): Promise<Table[]> {
  const worker = new Worker(`/codec-worker.js${isBrief() ? "?brief" : ""}`, { type: "module" });
  return new Promise<Table[]>((resolve, reject) => {
    worker.addEventListener("message", ({ data }) => resolve(data as Table[]));
    worker.addEventListener("error", ({ message }) => reject(new Error(message)));
    worker.postMessage(request, []);
  }).finally(() => worker.terminate());
}

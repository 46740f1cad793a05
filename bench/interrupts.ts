/** How soon an endless guest stops: for the caller, and for the processor. */

import { loadPlugin, t } from "cloche";
import { type Group, isBrief, type Row, roundsOf, type Table } from "./measure.ts";

const ENDLESS_URL = "/endless.wasm";
const LOOPS = [
  "nothing",
  "memory",
  "recursion",
  "calls",
  "branches",
  "fill",
  "system",
  "unwinding",
  "roots",
];

/** How often each loop is interrupted. If the browser must terminate the worker, that takes seconds. */
const TIMES = { epoch: 50, fuel: 50, terminate: 3 };

/** Long enough for the engine to optimise the loop. */
const RUNNING_MS = 50;

export const interrupts: Group = { name: "interrupts", run: interruptEach };

async function interruptEach(): Promise<Table[]> {
  const tables: Table[] = [];
  for (const [interruption, times] of Object.entries(TIMES)) {
    const rejected: Row[] = [];
    const idle: Row[] = [];
    for (const name of isBrief() ? LOOPS.slice(0, 1) : LOOPS) {
      const samples = [];
      for (let time = 0; time < roundsOf(times); time++)
        samples.push(await interrupt(name, interruption));
      rejected.push({ name, samples: samples.map(({ rejectedMs }) => rejectedMs) });
      idle.push({ name, samples: samples.flatMap(({ idleMs }) => idleMs ?? []) });
    }
    tables.push(tableOf(`"${interruption}", abort to rejection`, rejected));
    if (idle.every(({ samples }) => samples.length > 0)) {
      tables.push(tableOf(`"${interruption}", abort to an idle processor`, idle));
    }
  }
  return tables;
}

/** Starts an endless call and aborts it. */
async function interrupt(name: string, interruption: string) {
  const plugin = await loadPlugin(ENDLESS_URL, {
    interruption: interruption as keyof typeof TIMES,
  });
  if (plugin.interruption !== interruption) throw new Error(`Cannot have "${interruption}" here`);
  const controller = new AbortController();
  const call = plugin.function(name, [], t.unit).with({ signal: controller.signal })();
  await Promise.race([call, new Promise((resolve) => setTimeout(resolve, RUNNING_MS))]);
  const startMs = performance.now();
  controller.abort();
  const isRejected = await call.then(
    () => false,
    () => true,
  );
  const rejectedMs = performance.now() - startMs;
  if (!isRejected) throw new Error(`Cannot interrupt "${name}": it returned`);
  const response = await fetch("/until-workers-idle", { method: "POST" });
  const idleAtMs = response.status === 200 ? ((await response.json()) as number) : undefined;
  plugin.terminate();
  const idleMs = idleAtMs && Math.max(0, idleAtMs - performance.timeOrigin - startMs);
  return { rejectedMs, idleMs };
}

function tableOf(title: string, rows: readonly Row[]): Table {
  const all: Row = { name: "all loops", samples: rows.flatMap(({ samples }) => samples) };
  return {
    ...{ title, unit: "ms", baseline: all.name, headlines: {}, rate: undefined },
    ...{ rows: [...rows, all], isTail: true },
  };
}

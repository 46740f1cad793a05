/**
 * What the same files cost in Node: `node:wasi` on a disk, and this library's engine beside it.
 *
 *   node file-system-node.js <directory> [--brief]
 *
 * Works in a directory of its own within the one given, and prints a table as JSON.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { WASI } from "node:wasi";
import { createClocheEngine } from "../src/worker/cloche-engine.ts";
import { fileEngineOf } from "./file-system-cloche.ts";
import {
  type FileCalls,
  type FileEngine,
  newGuestMemory,
  timeWorkload,
  WORKLOADS,
} from "./file-system-workloads.ts";
import { roundsOf, type Table, warmUpsOf } from "./measure.ts";

const ROUNDS = roundsOf(11);
const WARM_UPS = warmUpsOf(5);
const BASELINE = "node:wasi on a disk";

const within = process.argv[2];
if (within === undefined) throw new Error("Cannot run: no directory, expected one to work in");

const contestants = [
  { name: BASELINE, time: timeNode },
  {
    name: "Cloche in Node",
    time: () => timeWorkload("large", fileEngineOf(createClocheEngine)),
  },
];
const rows = contestants.map(({ name }) => ({ name, samples: [] as number[] }));
for (let round = -WARM_UPS; round < ROUNDS; round++) {
  for (const [index, { time }] of contestants.entries()) {
    const ms = time();
    if (round >= 0) rows[index]?.samples.push(ms);
  }
}
const table: Table = {
  title: WORKLOADS.large.title,
  unit: "ms",
  baseline: BASELINE,
  headlines: {},
  rate: undefined,
  rows,
};
process.stdout.write(JSON.stringify(table));

function timeNode(): number {
  const directory = mkdtempSync(join(within as string, "file-system-"));
  try {
    return timeWorkload("large", nodeEngine(directory));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function nodeEngine(directory: string): FileEngine {
  const wasi = new WASI({ version: "preview1", preopens: { "/": directory } });
  const memory = newGuestMemory();
  // It asks for nothing but an object with a memory.
  wasi.initialize({ exports: { memory } });
  return { calls: wasi.wasiImport as FileCalls, memory };
}

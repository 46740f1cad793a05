/** What much output costs: how long it takes, and for how long the page stands still meanwhile. */

import { WASIWorkerHost } from "@runno/wasi";
import { runCommand } from "cloche";
import { runInShim } from "./baselines.ts";
import { expectEqual, type Group, type Row, roundsOf, scaled, type Table } from "./measure.ts";

const CHATTER_URL = "/chatter.wasm";
const MEGABYTES = scaled(100);
const BYTES = MEGABYTES * 1e6;
/** The guest writes a megabyte for each argument. */
const ARGS: readonly string[] = Array.from({ length: MEGABYTES }, () => "x");
const ROUNDS = 3;

const COMMAND = "command";

type Write = (onText: (text: string) => void) => Promise<void>;

const WRITERS: Readonly<Record<string, Write>> = {
  [COMMAND]: async (stdout) => {
    const limits = { outputBytes: BYTES, callMs: 600_000 };
    await runCommand(CHATTER_URL, { args: ARGS, stdout, limits });
  },
  "@runno/wasi, its worker": async (stdout) => {
    const address = new URL(CHATTER_URL, location.href).href;
    await new WASIWorkerHost(address, { args: [...ARGS], env: {}, fs: {}, stdout }).start();
  },
  "@bjorn3/browser_wasi_shim in a worker": async (stdout) => {
    await runInShim(CHATTER_URL, ARGS, stdout);
  },
};

export const output: Group = {
  name: "output",
  run: async () => {
    const times: (Row & { readonly samples: number[] })[] = [];
    const gaps: typeof times = [];
    for (const name of Object.keys(WRITERS)) {
      times.push({ name, samples: [] });
      gaps.push({ name, samples: [] });
    }
    for (let round = 0; round < roundsOf(ROUNDS); round++) {
      for (const [index, write] of Object.values(WRITERS).entries()) {
        const { ms, gapMs } = await watched(write);
        times[index]?.samples.push(ms);
        gaps[index]?.samples.push(gapMs);
      }
    }
    const what = "100 MB of stdout in writes of 64 bytes";
    const common = { unit: "ms", baseline: COMMAND, headlines: {}, rate: undefined } as const;
    const tables: Table[] = [
      { ...common, title: what, rows: times },
      { ...common, title: `longest gap on the page, ${what}`, rows: gaps, isTail: true },
    ];
    return tables;
  },
};

/** How long it took, and the longest time in which the page ran no timer. */
async function watched(write: Write): Promise<{ ms: number; gapMs: number }> {
  const startMs = performance.now();
  let lastMs = startMs;
  let gapMs = 0;
  const tick = () => {
    const now = performance.now();
    gapMs = Math.max(gapMs, now - lastMs);
    lastMs = now;
  };
  const timer = setInterval(tick);
  let characters = 0;
  await write((text) => {
    characters += text.length;
  });
  tick();
  clearInterval(timer);
  expectEqual(characters, BYTES);
  return { ms: performance.now() - startMs, gapMs };
}

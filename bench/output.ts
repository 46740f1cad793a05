/** What much output costs: how long it takes, and for how long the page stands still meanwhile. */

import { WASIWorkerHost } from "@runno/wasi";
import { runCommand } from "cloche";
import { runInShim } from "./baselines.ts";
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

const CHATTER_URL = "/chatter.wasm";
/** The peers would take minutes for as much as the command. */
const MEGABYTES = scaled(100);
const PEERS_MEGABYTES = scaled(10);
const ROUNDS = 3;
/** A pause before each run, for what the one before leaves to the browser: workers that end, and garbage. */
const REST_MS = 1000;

const COMMAND = "command, 100 MB";

/** Writes its megabytes to stdout, of which the guest takes one for each argument. */
interface Writer {
  readonly megabytes: number;
  write(args: readonly string[], onText: (text: string) => void): Promise<void>;
}

const WRITERS: Readonly<Record<string, Writer>> = {
  [COMMAND]: {
    megabytes: MEGABYTES,
    write: async (args, stdout) => {
      const limits = { outputBytes: MEGABYTES * 1e6, callMs: 600_000 };
      await runCommand(CHATTER_URL, { args, stdout, limits });
    },
  },
  "@runno/wasi, its worker, 10 MB": {
    megabytes: PEERS_MEGABYTES,
    write: async (args, stdout) => {
      const address = new URL(CHATTER_URL, location.href).href;
      await new WASIWorkerHost(address, { args: [...args], env: {}, fs: {}, stdout }).start();
    },
  },
  "@bjorn3/browser_wasi_shim in a worker, 10 MB": {
    megabytes: PEERS_MEGABYTES,
    write: (args, stdout) => runInShim(CHATTER_URL, args, stdout),
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
      for (const [index, writer] of Object.values(WRITERS).entries()) {
        await sleep(isBrief() ? 0 : REST_MS);
        const { ms, gapMs } = await watched(writer);
        times[index]?.samples.push(ms / writer.megabytes);
        gaps[index]?.samples.push(gapMs);
      }
    }
    const what = "stdout in writes of 64 bytes";
    const common = { unit: "ms", baseline: COMMAND, headlines: {}, rate: undefined } as const;
    const tables: Table[] = [
      { ...common, title: `${what}, a megabyte`, rows: times },
      { ...common, title: `longest gap on the page, ${what}`, rows: gaps, isTail: true },
    ];
    return tables;
  },
};

/** How long it took, and the longest time in which the page ran no timer. */
async function watched(writer: Writer): Promise<{ ms: number; gapMs: number }> {
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
  const { megabytes } = writer;
  const args = Array.from({ length: megabytes }, () => "x");
  await writer.write(args, (text) => {
    characters += text.length;
  });
  tick();
  clearInterval(timer);
  expectEqual(characters, megabytes * 1e6);
  return { ms: performance.now() - startMs, gapMs };
}

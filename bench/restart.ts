/** How soon a plugin answers after its instance died. */

import { type LoadOptions, t } from "cloche";
import { type Contestant, expectEqual, type Group, race } from "./measure.ts";
import { loadEverything } from "./plugins.ts";

const ANEW = "loaded anew";
const RESTARTED = "restarted";
const LIVING = "not dead at all";

/** Long enough for the next spare worker to start. */
const REST_MS = 50;

export const restart: Group = {
  name: "restart",
  run: async () => {
    const contestants = [
      anew(),
      await dying(RESTARTED, {}),
      await dying(`${RESTARTED}, with 1,000 files`, { files: manyFiles() }),
      await living(),
    ];
    const table = await race({
      title: "death to next answer",
      unit: "ms",
      baseline: ANEW,
      headlines: { [RESTARTED]: "death to next answer, restarted, to loading anew" },
      contestants,
      rounds: 40,
      warmUps: 5,
      restMs: REST_MS,
    });
    return [table];
  },
};

function anew(): Contestant {
  return {
    name: ANEW,
    run: async () => {
      const plugin = await loadEverything();
      expectEqual(await plugin.function("count", [], t.u32)(), 1);
      return () => plugin.terminate();
    },
  };
}

/** Dies after each call, and pauses before the next one. */
async function dying(name: string, options: LoadOptions): Promise<Contestant> {
  const plugin = await loadEverything({ ...options, restart: true });
  const count = plugin.function("count", [], t.u32);
  const trap = plugin.function("trap", [], t.unit);
  const die = () => void trap().catch(() => {});
  die();
  return {
    name,
    run: async () => {
      expectEqual(await count(), 1);
      return die;
    },
  };
}

async function living(): Promise<Contestant> {
  const plugin = await loadEverything();
  const count = plugin.function("count", [], t.u32);
  return { name: LIVING, run: async () => void (await count()) };
}

function manyFiles(): Record<string, string> {
  const names = Array.from({ length: 1000 }, (_, index) => `file-${index}.txt`);
  return Object.fromEntries(names.map((name) => [name, name.repeat(20)]));
}

/** The cost of a host call: from guest to page and back. */

import { type Blocking, t } from "cloche";
import { comlinkEcho } from "./baselines.ts";
import { expectEqual, type Group, race } from "./measure.ts";
import { loadEverything } from "./plugins.ts";

/** The number of host calls in a run, all made in one call of the guest, whose own cost is negligible. */
const CALLS = 500;

const COMLINK = "page to worker to page, bare Comlink";

export const hostCalls: Group = {
  name: "host-calls",
  run: async () => {
    const comlink = comlinkEcho();
    const bytes = new Uint8Array(16);
    const numbers = new Int32Array(CALLS).fill(1);
    const sumThroughHost = async (blocking: Blocking) => {
      const plugin = await loadEverything({ blocking });
      const sum = plugin.function("sum_through_host", [t.i32Array], t.i32);
      return async () => expectEqual(await sum(numbers), CALLS);
    };

    const table = await race({
      title: "host call",
      unit: "µs",
      baseline: COMLINK,
      headlines: {
        JSPI: "host call by JSPI to a Comlink call",
        "shared memory": "host call by shared memory to a Comlink call",
      },
      contestants: [
        {
          name: COMLINK,
          operations: CALLS,
          run: async () => {
            for (let index = 0; index < CALLS; index++) await comlink.echo(bytes);
          },
        },
        { name: "JSPI", operations: CALLS, run: await sumThroughHost("jspi") },
        { name: "shared memory", operations: CALLS, run: await sumThroughHost("shared-memory") },
      ],
      rounds: 40,
      warmUps: 10,
    });
    return [table];
  },
};

/** The start of a large module that the browser has not cached: Python, told to say its version. */

import { runCommand } from "cloche";
import { runInShim } from "./baselines.ts";
import { type Contestant, expectEqual, type Group, race } from "./measure.ts";

const PYTHON_URL = "/plugins/python.wasm";
const ARGS = ["python", "--version"];
const SHIM = "browser_wasi_shim in a worker";

/** Gives no table if Python is not installed: `npm run programs` does it. */
export const largeModule: Group = {
  name: "large-module",
  run: async () => {
    if (!(await fetch(PYTHON_URL, { method: "HEAD" })).ok) return [];
    const inForm = (interruption: "terminate" | "epoch"): Contestant => ({
      name: interruption,
      run: async () => {
        const { stdout } = await runCommand(coldUrl(), { args: ARGS, interruption });
        expectEqual(stdout.startsWith("Python 3"), true);
      },
    });
    const table = await race({
      title: "start of Python, 26 MB from the server",
      unit: "ms",
      baseline: SHIM,
      headlines: { epoch: "start of Python, rewritten, to one that is not" },
      contestants: [
        {
          name: SHIM,
          run: async () => {
            let said = "";
            await runInShim(coldUrl(), ARGS, (text) => {
              said += text;
            });
            expectEqual(said.startsWith("Python 3"), true);
          },
        },
        inForm("terminate"),
        inForm("epoch"),
      ],
      rounds: 8,
      warmUps: 2,
      restMs: 100,
    });
    return [table];
  },
};

/** See `server.mjs`. */
function coldUrl(): string {
  return `${PYTHON_URL}?cold=${crypto.randomUUID()}`;
}

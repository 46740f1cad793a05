/** What a worker does while no plugin needs it: most of what a load does, with a guest of its own. */

import { DEFAULT_LIMITS } from "../limits.ts";
import { decodeBase64 } from "../rewrite/base64.ts";
import type { CreateEngine } from "./engine.ts";
import type { BrowserApis } from "./lock-down.ts";
import { PluginWorker } from "./plugin-worker.ts";

/**
 * The least that is a plugin:
 *
 *     (module
 *       (memory (export "memory") 1)
 *       (func (export "__alloc_buffer") (param i32) (result i32) (i32.const 1024))
 *       (func (export "__free_buffer") (param i64)))
 */
export const LEAST_MODULE =
  "AGFzbQEAAAABCgJgAX8Bf2ABfgADAwIAAQUDAQABBysDBm1lbW9yeQIADl9fYWxsb2NfYnVmZmVyAAANX19mcmVlX2J1ZmZlcgABCgoCBQBBgAgLAgAL";

/**
 * Compiles a guest and prepares its start. An engine compiles each function of this script at its first
 * call, which is a quarter of the time of a load. Nothing is posted, and nothing is kept.
 *
 * The guest is not instantiated: Chromium allows 124 memories a tab, and did not collect this one's.
 */
export async function rehearse(createEngine: CreateEngine, apis: BrowserApis): Promise<void> {
  const silent = () => {};
  const plugin = new PluginWorker(
    createEngine,
    apis,
    { notify: silent, callHost: silent },
    { flush: silent, flushWhenDue: silent },
  );
  const common = { pluginName: "rehearsal", limits: DEFAULT_LIMITS };
  const compiling = plugin.compile({
    ...common,
    source: decodeBase64(LEAST_MODULE),
    role: "plugin",
    hostFunctions: [],
    interruption: "fuel",
    flagAddress: 0,
    isKept: false,
  });
  const preparing = plugin.prepare({
    ...common,
    module: { compiled: undefined, flag: undefined },
    calls: undefined,
    hostCalls: { functions: [], blocking: undefined, memory: undefined },
    wasi: {
      args: [],
      env: {},
      stdin: new Uint8Array(),
      hasListener: { stdout: false, stderr: false },
      terminal: { stdin: false, stdout: false, stderr: false },
      clock: "browser",
      random: "browser",
    },
    files: { tree: {}, image: undefined, hasDirectory: true, isJournaled: false },
  });
  await Promise.all([compiling, preparing]);
}

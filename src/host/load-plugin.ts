/** Loads a plugin: module in, contract checked, worker up, `_initialize` run. */

import { Encoder } from "../codec/message.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { CallQueue } from "./calls/call-queue.ts";
import { Mounts } from "./files/mount.ts";
import { checkFlag, checkFunction } from "./grants/checks.ts";
import type { HostFunction } from "./grants/host-function.ts";
import type { ModuleSource } from "./grants/module-source.ts";
import {
  type ChecksOf,
  checkHostFunctions,
  PLUGIN_OPTION_CHECKS,
} from "./grants/plugin-option-checks.ts";
import type { PluginOptions } from "./grants/plugin-options.ts";
import { type Check, readOptions } from "./grants/read-options.ts";
import { decodingSink } from "./grants/text-sink.ts";
import { bringUp } from "./instance/bring-up.ts";
import { type Restart, Supervisor } from "./instance/supervisor.ts";
import { Usage } from "./instance/usage.ts";
import { Plugin } from "./plugin.ts";

/** What a plugin is lent. Plain data; what is left out is not granted. */
export interface LoadOptions extends PluginOptions {
  /** The functions of the page that the guest may call, by name without the ABI's underscores. */
  readonly hostFunctions?: Readonly<Record<string, HostFunction>>;
  /**
   * Whether a plugin whose instance has died takes further calls, each on a fresh instance if there is
   * none. A trap, an exit, a timeout, an abort of the running call or a lost worker then costs that
   * call alone; those that wait are run. A fresh instance starts anew, as from `loadPlugin`: its memory,
   * a `clock` and a `random` that are made up, a `stdin` that is text or bytes. But its files and mounts
   * are as they were after the last call, or operation of the page, that was completed: what was
   * changed while a call ran that was cut off is not there, by whomever. A `stdin` that is a stream or
   * a function goes on. Costs a second copy of all files, and an idle worker. Default: `false`.
   */
  readonly restart?: boolean;
  /**
   * Called each time that a fresh instance has taken the place of one that died, before it takes its
   * first call. What it throws is reported as an uncaught error of the page.
   */
  readonly onRestart?: (restart: Restart) => void;
}

const LOAD_OPTION_CHECKS = {
  ...PLUGIN_OPTION_CHECKS,
  hostFunctions: checkHostFunctions,
  restart: checkFlag,
  onRestart: checkFunction as Check<(restart: Restart) => void>,
} satisfies ChecksOf<LoadOptions>;

/**
 * Loads a plugin into a worker of its own.
 *
 * @param source The module: an address, a response, its bytes, or a compiled module. Of a compiled
 *   module the types of exports and imports cannot be seen, so they are not checked before a call.
 * @throws {PluginLoadError} when the module cannot be fetched or compiled, or the worker not started.
 * @throws {PluginLinkError} when the module's exports or imports are not the ABI's, or it imports a
 *   host function that `options` does not have.
 * @throws {PluginLimitError} when the module is too large, or takes longer than `limits.fetchMs` to come
 *   or `limits.loadMs` to start.
 * @throws {PluginTrapError} when the module traps while it starts.
 * @throws {TypeError} for options that are none.
 * @example
 * await using plugin = await loadPlugin("/plugins/double.wasm");
 * const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
 * await double([1, 2, 3]); // [2, 4, 6]
 */
export async function loadPlugin(source: ModuleSource, options: LoadOptions = {}): Promise<Plugin> {
  const grants = readOptions(options, LOAD_OPTION_CHECKS);
  const { stdout, stderr, restart = false, limits: allowed = DEFAULT_LIMITS } = grants;
  const usage = new Usage();
  const mounts = new Mounts(allowed, { followsAll: restart });
  const { blueprint, isolate } = await bringUp({
    source,
    role: "plugin",
    grants,
    hostFunctions: grants.hostFunctions ?? {},
    canRestart: restart,
    hasListener: { stdout: stdout !== undefined, stderr: stderr !== undefined },
    listen: () => {
      // For each isolate anew: half a character may be the last that came from it.
      const sinks = [stdout, stderr].map((sink) => sink && decodingSink(sink));
      return (event) => {
        usage.add(event);
        if (event.type === "output") sinks[event.fd - 1]?.write(event.bytes);
        if (event.type === "changes") mounts.apply(event.changes);
        if (event.type === "closed") for (const sink of sinks) sink?.end();
      };
    },
  });
  const { limits, interruption, module } = blueprint;
  const supervisor = new Supervisor(
    blueprint,
    isolate,
    restart ? { handover: mounts, onRestart: grants.onRestart } : undefined,
  );
  const functions = module.contract.guestFunctions;
  const calls = { supervisor, queue: new CallQueue(), encoder: new Encoder(limits), limits };
  return new Plugin({ calls, mounts, usage, functions, interruption });
}

/** Loads a plugin: module in, contract checked, worker up, `_initialize` run. */

import { checkContract } from "../abi/contract.ts";
import { Encoder } from "../codec/message.ts";
import { resolveLimits } from "../limits.ts";
import { bringUp } from "./bring-up.ts";
import { CallQueue } from "./call-queue.ts";
import type { Grants } from "./grants.ts";
import type { HostFunction } from "./host-function.ts";
import type { ModuleSource } from "./module-source.ts";
import { Mounts } from "./mount.ts";
import { Plugin } from "./plugin.ts";
import { decodingSink } from "./text-sink.ts";

/** What a plugin is lent. Plain data; what is left out is not granted. */
export interface LoadOptions extends Grants {
  /** The functions of the page that the guest may call, by name without the ABI's underscores. */
  readonly hostFunctions?: Readonly<Record<string, HostFunction>>;
}

/**
 * Loads a plugin into a worker of its own.
 *
 * @param source The module: an address, a response, its bytes, or a compiled module. Of a compiled
 *   module the types of exports and imports cannot be seen, so they are not checked before a call.
 * @throws {PluginLoadError} when the module cannot be fetched or compiled, or the worker not started.
 * @throws {PluginLinkError} when the module's exports or imports are not the ABI's, or it imports a
 *   host function that `options` does not have.
 * @throws {PluginLimitError} when the module is too large, or takes longer than `limits.loadMs`.
 * @throws {PluginTrapError} when the module traps while it starts.
 * @example
 * await using plugin = await loadPlugin("/plugins/double.wasm");
 * const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
 * await double([1, 2, 3]); // [2, 4, 6]
 */
export async function loadPlugin(source: ModuleSource, options: LoadOptions = {}): Promise<Plugin> {
  const sinks = [options.stdout, options.stderr].map((sink) => sink && decodingSink(sink));
  const totals = { truncated: { stdout: false, stderr: false }, fuelUsed: 0 };
  const mounts = new Mounts(resolveLimits(options.limits));
  const { isolate, contract, hostFunctions, limits, interruption } = await bringUp({
    source,
    grants: options,
    hostFunctions: options.hostFunctions ?? {},
    isHeard: { stdout: options.stdout !== undefined, stderr: options.stderr !== undefined },
    onOutput: (fd, bytes) => sinks[fd - 1]?.(bytes),
    onTruncated: (fd) => {
      totals.truncated[fd === 1 ? "stdout" : "stderr"] = true;
    },
    onFuel: (used) => {
      totals.fuelUsed = used;
    },
    onChanges: (changes) => mounts.apply(changes),
    check: checkContract,
  });
  const queue = new CallQueue();
  const encoder = new Encoder(limits);
  const context = { isolate, queue, hostFunctions, encoder, limits, interruption, totals };
  return new Plugin(context, mounts, contract.guestFunctions);
}

/** Loads a plugin: module in, contract checked, worker up, `_initialize` run. */

import { DEFAULT_LIMITS } from "../limits.ts";
import { createMessageMeans } from "./calls/call-arguments.ts";
import { CallQueue } from "./calls/call-queue.ts";
import { EventHub } from "./events/event-hub.ts";
import { LoadMeasure, measureCalls } from "./events/measures.ts";
import { OutputWatch } from "./events/output-watch.ts";
import type { Restart } from "./events/plugin-event.ts";
import { Mounts } from "./files/mount.ts";
import { PageCopy } from "./files/page-copy.ts";
import { checkChoice, checkFlag, checkFunction } from "./grants/checks.ts";
import type { HostFunctions, UnknownFunctions } from "./grants/host-function.ts";
import type { Lane } from "./grants/lane.ts";
import type { ModuleSource } from "./grants/module-source.ts";
import {
  type ChecksOf,
  checkHostFunctions,
  PLUGIN_OPTION_CHECKS,
} from "./grants/plugin-option-checks.ts";
import type { PluginOptions } from "./grants/plugin-options.ts";
import { type Check, type Checked, readOptions } from "./grants/read-options.ts";
import { repeatable } from "./grants/repeatable.ts";
import { decodingSink } from "./grants/text-sink.ts";
import type { ReplayedHost } from "./instance/blueprint.ts";
import { bringUp } from "./instance/bring-up.ts";
import type { SharedBytes } from "./instance/module-cache.ts";
import { Supervisor } from "./instance/supervisor.ts";
import { Usage } from "./instance/usage.ts";
import { Plugin, type PluginParts } from "./plugin.ts";
import { Recorder } from "./recording/recorder.ts";

/** The options of {@link loadPlugin}. */
export interface LoadOptions<Host = UnknownFunctions> extends PluginOptions {
  /**
   * The functions of the page that the guest may call, by name without the ABI's underscores: made by
   * `hostFunction`, or plain ones where the plugin describes itself.
   */
  readonly hostFunctions?: HostFunctions<Host>;
  /**
   * Called with each object that the plugin owned and no longer holds: it has dropped it, or its instance
   * is gone. Not with what it gave back. What it throws is reported as an uncaught error of the page.
   */
  readonly onDrop?: (object: object, resource: string) => void;
  /** How calls travel to the worker and back. Default: `"auto"`. */
  readonly lane?: Lane;
  /**
   * Whether the plugin gets a fresh instance when its instance is gone. After a trap, an exit, a
   * timeout, an abort or a lost worker only the running call fails, and the waiting calls are run.
   *
   * A fresh instance starts as from `loadPlugin`: with new memory, and with a made-up `clock`, a seeded
   * `random` and a `stdin` of text or bytes from their beginning. A `stdin` that is a stream or a
   * function continues. Files and mounts are as they were after the last completed call or operation of
   * the page; changes that anybody made during the failed call are lost.
   *
   * Costs a second copy of all files, and an idle worker. Default: `false`.
   */
  readonly restart?: boolean;
  /**
   * Whether loading, calls and host calls are measured by `performance.measure`, to be seen in the
   * browser's performance panel. The page keeps an entry for each call. Default: `false`.
   */
  readonly measure?: boolean;
  /**
   * Whether the run is recorded, for `plugin.recording()`. The guest's clock and randomness are made up
   * then, unless the options say which: real ones cannot be replayed. Default: `false`.
   */
  readonly record?: boolean;
  /**
   * Called each time a fresh instance has replaced one that is gone, before its first call. What it throws is reported as an uncaught error of the page.
   */
  readonly onRestart?: (restart: Restart) => void;
}

export const LOAD_OPTION_CHECKS: ChecksOf<LoadOptions> = {
  ...PLUGIN_OPTION_CHECKS,
  hostFunctions: checkHostFunctions,
  onDrop: checkFunction as Check<(object: object, resource: string) => void>,
  lane: checkChoice("auto", "messages", "shared-memory"),
  restart: checkFlag,
  measure: checkFlag,
  record: checkFlag,
  onRestart: checkFunction as Check<(restart: Restart) => void>,
};

/** Options of {@link loadPlugin}, checked. */
export type CheckedLoadOptions = Checked<typeof LOAD_OPTION_CHECKS>;

/**
 * Loads a plugin into a worker of its own.
 *
 * `Functions` and `Host` are the declarations of a plugin that describes itself, as `declarePlugin` of
 * `cloche/schema` prints them.
 *
 * @param source The module: an address, a response, its bytes, or a compiled module. Of a compiled
 *   module the types of exports and imports cannot be seen, so they are not checked before a call.
 * @throws {PluginLoadError} when the module cannot be fetched or compiled, or the worker not started.
 * @throws {PluginLinkError} when the module's exports or imports are not the ABI's, or it imports a
 *   host function that `options` does not have.
 * @throws {PluginLimitError} when the module is too large, or takes longer than `limits.fetchMs` to come
 *   or `limits.loadMs` to start.
 * @throws {PluginTrapError} when the module traps while it starts.
 * @throws {TypeError} for an invalid source or option, before a worker starts.
 * @example
 * await using plugin = await loadPlugin("/plugins/double.wasm");
 * const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
 * await double([1, 2, 3]); // [2, 4, 6]
 */
export async function loadPlugin<Functions = UnknownFunctions, Host = UnknownFunctions>(
  source: ModuleSource,
  options: LoadOptions<Host> = {},
): Promise<Plugin<Functions>> {
  return new Plugin<Functions>(await loadParts(source, readOptions(options, LOAD_OPTION_CHECKS)));
}

/** Loads what a plugin is made of. Files of the options are given up. */
export async function loadParts(
  source: ModuleSource | SharedBytes,
  given: CheckedLoadOptions,
  replayed?: ReplayedHost,
): Promise<PluginParts> {
  const recorder = given.record === true ? new Recorder() : undefined;
  const checked = recorder === undefined ? given : { ...given, ...repeatable(given) };
  const { stdout, stderr, restart = false, limits: allowed = DEFAULT_LIMITS } = checked;
  const usage = new Usage();
  const events = new EventHub();
  const loadMeasure = given.measure === true ? new LoadMeasure() : undefined;
  const mounts = new Mounts(new PageCopy(allowed, { isWhole: restart }));
  const { blueprint, isolate } = await bringUp({
    source,
    role: "plugin",
    lane: checked.lane ?? "auto",
    options: checked,
    hostFunctions: checked.hostFunctions ?? {},
    onDrop: checked.onDrop,
    canRestart: restart,
    loadMeasure,
    recorder,
    replayed,
    events,
    hasListener: () => ({
      stdout: stdout !== undefined || events.hears("output"),
      stderr: stderr !== undefined || events.hears("output"),
    }),
    listen: () => {
      // For each isolate anew: half a character may be the last that came from it.
      const sinks = [stdout, stderr].map((sink) => sink && decodingSink(sink));
      const output = new OutputWatch(events, allowed);
      return (event) => {
        usage.add(event);
        if (event.type === "output") {
          sinks[event.fd - 1]?.write(event.bytes);
          output.wrote(event.fd, event.bytes);
        }
        if (event.type === "truncated") output.truncated(event.fd);
        if (event.type === "changes") mounts.apply(event.changes);
        if (event.type === "closed") for (const sink of sinks) sink?.end();
      };
    },
  });
  const { limits, interruption, lane, module, schema, handles } = blueprint;
  if (loadMeasure !== undefined) {
    loadMeasure.end(isolate.pluginName);
    measureCalls(events, isolate.pluginName);
  }
  const onRestart = (restart: Restart) => {
    events.emit({ type: "restart", ...restart });
    checked.onRestart?.(restart);
  };
  const supervisor = new Supervisor(
    blueprint,
    isolate,
    restart ? { handover: mounts, onRestart } : undefined,
  );
  const functions = module.contract.guestFunctions;
  const queue = new CallQueue(supervisor, events, recorder);
  const means = createMessageMeans(limits, supervisor.closed, handles);
  const calls = { supervisor, queue, events, ...means };
  return { calls, mounts, usage, functions, schema, interruption, lane, recorder };
}

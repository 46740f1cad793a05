/** Several plugins of one module, which share the calls. */

import { environment } from "#platform/environment";
import type { AnyCodec, ValueOf } from "../codec/codec.ts";
import type { PluginSchema } from "../schema/plugin-schema.ts";
import { createMessageMeans } from "./calls/call-arguments.ts";
import {
  type DescribedFunction,
  DescribedFunctions,
  type PluginApi,
} from "./calls/described-functions.ts";
import type { CallTarget, GuestFunction } from "./calls/guest-function.ts";
import { PoolQueue } from "./calls/pool-queue.ts";
import type { CloseReason } from "./events/close-reason.ts";
import { checkInteger } from "./grants/checks.ts";
import type { InputsOf, UnknownFunctions } from "./grants/host-function.ts";
import type { ModuleSource } from "./grants/module-source.ts";
import { type Check, readOptions } from "./grants/read-options.ts";
import { LOAD_OPTION_CHECKS, type LoadOptions } from "./load-plugin.ts";
import { ModuleOnce } from "./module-once.ts";
import { disposeBy } from "./platform/async-dispose.ts";
import { Plugin, type PluginParts } from "./plugin.ts";
import { type Events, type PoolEventMap, PoolEvents } from "./plugin-events.ts";

/** The options of {@link createPool}. */
export interface PoolOptions<Host = UnknownFunctions> extends LoadOptions<Host> {
  /** How many plugins. Default: the number of the machine's cores. */
  readonly size?: number;
}

const checkSize: Check<number> = (value, place) => checkInteger(1)(value, place);

const POOL_OPTION_CHECKS = { ...LOAD_OPTION_CHECKS, size: checkSize };

/**
 * Plugins of one module that share the calls, for functions that keep nothing between calls. Created by
 * {@link createPool}.
 *
 * Calls begin in the order they were made, each in a plugin that is idle. A later one may end first.
 */
export class PluginPool<Functions = UnknownFunctions> implements AsyncDisposable {
  /** The option `name`, or the name of the module's file. All its plugins have it. */
  readonly name: string;
  /** The functions that each plugin exports, without the ABI's underscores. */
  readonly functions: readonly string[];
  /** Its plugins. Calls and files of one are its own. */
  readonly plugins: readonly Plugin<Functions>[];
  /** What each plugin says of itself. */
  readonly schema: PluginSchema | undefined;
  /** Resolves when no plugin takes calls any more, with the reason of the last one. Never rejects. */
  readonly closed: Promise<CloseReason>;
  /** The events of all its plugins: see `docs/events.md`. */
  readonly events: Events<PoolEventMap>;
  /** Closes it at the end of a block with `await using`. */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly #calls: CallTarget & { readonly queue: PoolQueue };
  readonly #functions: DescribedFunctions;

  /** Only {@link createPool} calls it. */
  constructor(parts: readonly PluginParts[]) {
    const [{ functions, calls, schema }] = parts as readonly [PluginParts];
    const { supervisor, limits } = calls;
    this.name = supervisor.pluginName;
    this.functions = functions;
    this.schema = schema;
    this.plugins = parts.map((each) => new Plugin<Functions>(each));
    this.events = new PoolEvents(this.plugins.map(({ events }) => events));
    const supervisors = parts.map((each) => each.calls.supervisor);
    const queue = new PoolQueue(parts.map((each) => each.calls));
    const ends = this.plugins.map((plugin) => plugin.closed);
    this.closed = watchEnds(ends, new WeakRef(queue));
    this.#calls = {
      supervisor: new Supervisors(supervisors),
      queue,
      events: queue,
      ...createMessageMeans(limits, this.closed),
    };
    this.#functions = new DescribedFunctions(this.#calls, functions, schema);
    disposeBy(this, () => this.close());
  }

  /**
   * The functions of plugins that describe themselves, typed by its schema: see `docs/schema.md`.
   *
   * @throws {PluginLinkError} when the plugins do not describe themselves.
   * @example
   * await pool.api.double([1, 2, 3]); // [2, 4, 6]
   */
  get api(): PluginApi<Functions> {
    return this.#functions.api as PluginApi<Functions>;
  }

  /**
   * The guest function `name`, typed by its codecs, as `plugin.function` gives it. Its calls go to
   * whichever plugin is idle.
   *
   * `timeoutMs` and `signal` of a call that runs end its plugin, and no other.
   *
   * @throws {PluginLinkError} at once when the plugins export no such function.
   */
  function<const Params extends readonly AnyCodec[], Result extends AnyCodec>(
    name: string,
    params: Params,
    result: Result,
  ): GuestFunction<InputsOf<Params>, ValueOf<Result>>;
  /**
   * The guest function `name` of plugins that describe themselves, typed by its schema.
   *
   * @throws {PluginLinkError} at once when the plugins export no such function, or do not describe it.
   */
  function<Name extends keyof Functions & string>(name: Name): DescribedFunction<Functions[Name]>;
  function(name: string, ...codecs: readonly unknown[]): GuestFunction<never, unknown> {
    const [params, result] = codecs;
    return this.#functions.find(name, codecs.length === 0 ? undefined : { params, result });
  }

  /** Closes all plugins once the calls made so far have settled. New calls reject. Idempotent. */
  async close(): Promise<void> {
    await this.#calls.queue.close();
    await Promise.all(this.plugins.map((plugin) => plugin.close()));
  }

  /** Terminates all plugins now. Calls that run or wait reject with a `PluginClosedError`. */
  terminate(reason?: unknown): void {
    for (const plugin of this.plugins) plugin.terminate(reason);
  }
}

/**
 * Lets calls that wait hear of each plugin that is gone. Returns the reason of the last one.
 *
 * @param ends Of all plugins. Workers keep them alive, and must not keep the plugins: see unreachable.ts.
 */
async function watchEnds(
  ends: readonly Promise<CloseReason>[],
  queue: WeakRef<PoolQueue>,
): Promise<CloseReason> {
  let last: CloseReason = { kind: "closed" };
  const feedAfter = async (end: Promise<CloseReason>) => {
    last = await end;
    queue.deref()?.feed();
  };
  await Promise.all(ends.map(feedAfter));
  return last;
}

/** Why none of several plugins takes calls. */
class Supervisors {
  readonly #all: readonly CallTarget["supervisor"][];

  constructor(all: readonly CallTarget["supervisor"][]) {
    this.#all = all;
  }

  get pluginName(): string {
    return (this.#all[0] as CallTarget["supervisor"]).pluginName;
  }

  get reason(): CloseReason | undefined {
    const isGone = this.#all.every(({ reason }) => reason !== undefined);
    return isGone ? this.#all.at(-1)?.reason : undefined;
  }
}

/**
 * Loads several plugins of one module, which share the calls.
 *
 * The module is fetched once, and compiled once where plugins share it: see `docs/loading.md`. Each
 * plugin has a worker and a memory of its own, so what a call changes in one is not in the others. With
 * `restart` each is replaced when it is gone; without, the others go on, until none is left.
 *
 * @param source As for `loadPlugin`.
 * @throws what `loadPlugin` throws; no plugin is left then.
 * @example
 * await using pool = await createPool("/plugins/double.wasm", { size: 4 });
 * const double = pool.function("double", [t.vec(t.f64)], t.vec(t.f64));
 * await Promise.all([double([1]), double([2]), double([3])]);
 */
export async function createPool<Functions = UnknownFunctions, Host = UnknownFunctions>(
  source: ModuleSource,
  options: PoolOptions<Host> = {},
): Promise<PluginPool<Functions>> {
  const { size = environment.cores, ...checked } = readOptions(options, POOL_OPTION_CHECKS);
  const module = await ModuleOnce.fetch(source, checked);
  const loads = await Promise.allSettled(Array.from({ length: size }, () => module.load()));
  const parts = loads.flatMap((load) => (load.status === "fulfilled" ? [load.value] : []));
  const failed = loads.find((load) => load.status === "rejected");
  if (failed === undefined) return new PluginPool<Functions>(parts);
  for (const { calls } of parts) calls.supervisor.terminate({ kind: "closed" });
  throw failed.reason;
}

/** Loads plugins ahead of the moment when they are wanted. */

import { PluginClosedError } from "../errors.ts";
import type { ModuleSource } from "./grants/module-source.ts";
import { readOptions } from "./grants/read-options.ts";
import { LOAD_OPTION_CHECKS, type LoadOptions } from "./load-plugin.ts";
import { ModuleOnce } from "./module-once.ts";
import { disposeBy } from "./platform/async-dispose.ts";
import { Plugin } from "./plugin.ts";
import { startIdleTimer } from "./time/timer.ts";

/**
 * How long after a plugin was taken the next one is loaded. 50 ms: it takes a page some milliseconds to
 * start a worker, and the first call of the one that was taken goes first.
 */
const NEXT_AFTER_MS = 50;

/**
 * A module that is fetched and compiled, and one plugin of it that is started and waits. Created by
 * {@link prepare}.
 */
export class PreparedPlugin implements AsyncDisposable {
  /** The option `name`, or the name of the module's file. Its plugins have it. */
  readonly name: string;
  /** Closes it at the end of a block with `await using`. */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly #module: ModuleOnce;
  /** The plugin that waits; `undefined` while there is none. */
  #waiting: Promise<Plugin> | undefined;
  /** How many have waited. */
  #turn = 0;
  #isClosed = false;
  #stopTimer: () => void = () => {};

  /** Only {@link prepare} calls it. */
  constructor(module: ModuleOnce, first: Plugin) {
    this.name = module.pluginName;
    this.#module = module;
    this.#wait(Promise.resolve(first));
    disposeBy(this, () => this.close());
  }

  /**
   * Takes the plugin that waits, at once, and has the next one loaded meanwhile. While there is none, a
   * plugin is loaded for this call. Each plugin is yours, as from `loadPlugin`.
   *
   * @throws what `loadPlugin` throws, and {@link PluginClosedError} after {@link close}.
   */
  async load(): Promise<Plugin> {
    this.#throwIfClosed();
    const waiting = this.#waiting ?? this.#loadOne();
    this.#waiting = undefined;
    try {
      return await waiting;
    } finally {
      this.#keepNext();
    }
  }

  /** Gives up the plugin that waits. Plugins that were taken are not closed. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const plugin = await waiting?.catch(() => undefined);
    await plugin?.close();
  }

  async #loadOne(): Promise<Plugin> {
    return new Plugin(await this.#module.load());
  }

  #keepNext(): void {
    this.#stopTimer();
    if (this.#isClosed) return;
    this.#stopTimer = startIdleTimer(NEXT_AFTER_MS, () => {
      if (this.#waiting === undefined) this.#wait(this.#loadOne());
    });
  }

  /** Lets a plugin wait for as long as it lives. If it fails to load, the next load tries again. */
  #wait(loading: Promise<Plugin>): void {
    this.#waiting = loading;
    this.#turn += 1;
    const turn = this.#turn;
    // A worker keeps this alive, and must not keep its plugin alive: see unreachable.ts.
    const own = new WeakRef(this);
    const drop = () => {
      const prepared = own.deref();
      if (prepared !== undefined && prepared.#turn === turn) prepared.#waiting = undefined;
    };
    loading.then(({ closed }) => void closed.then(drop), drop);
  }

  #throwIfClosed(): void {
    if (!this.#isClosed) return;
    const { name: pluginName } = this;
    throw new PluginClosedError(`Cannot load plugin "${pluginName}": what was prepared is closed`, {
      pluginName,
    });
  }
}

/**
 * Loads a plugin ahead: fetches and compiles its module, and starts a first plugin, which then waits to
 * be taken by {@link PreparedPlugin.load}.
 *
 * The start of the guest has run by then, with its output and its host calls. All plugins get the same
 * options. A `stdin` that is a stream serves one of them.
 *
 * @param source As for `loadPlugin`. It is fetched once.
 * @param options As for `loadPlugin`. `signal` aborts this and each load that follows.
 * @throws what `loadPlugin` throws.
 * @example
 * await using prepared = await prepare("/plugins/double.wasm");
 * await using plugin = await prepared.load();
 */
export async function prepare(
  source: ModuleSource,
  options: LoadOptions = {},
): Promise<PreparedPlugin> {
  const module = await ModuleOnce.fetch(source, readOptions(options, LOAD_OPTION_CHECKS));
  return new PreparedPlugin(module, new Plugin(await module.load()));
}

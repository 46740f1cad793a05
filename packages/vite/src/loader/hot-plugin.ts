/** A plugin whose instance is replaced when its module changes, behind the back of whoever holds it. */

import {
  type CloseReason,
  type FileSource,
  type LoadOptions,
  loadPlugin,
  type Mount,
  type MountOptions,
  type Plugin,
  type PluginApi,
  type PluginFiles,
} from "cloche";
import { HotEvents } from "./hot-events.ts";
import { type AnyFunction, hotApi, hotFunction } from "./hot-functions.ts";
import { HotMount } from "./hot-mount.ts";
import { reusableStdin } from "./reusable-stdin.ts";

/** One version of a plugin. */
export interface PluginVersion {
  readonly name: string;
  readonly url: string;
}

export class HotPlugin implements Pick<Plugin, keyof Plugin> {
  readonly files: PluginFiles;
  readonly events: HotEvents;
  readonly function: Plugin["function"];
  readonly #options: LoadOptions;
  readonly #end: End = new End();
  readonly #mounts: Set<HotMount> = new Set();
  /** Calls and operations that the current instance still owes an answer. */
  readonly #running: Set<Promise<unknown>> = new Set();
  #plugin: Plugin;
  #version: PluginVersion;
  #api: PluginApi | undefined;
  #closing: Promise<void> | undefined;
  #updates: Promise<void> = Promise.resolve();
  /** What new calls wait for while the instance is replaced. */
  #callsWait: Promise<void> | undefined;
  /** The same for files, from when no call is running that could wait for them. */
  #filesWait: Promise<void> | undefined;

  /** Loads a version as `loadPlugin` would. */
  static async load(version: PluginVersion, options: LoadOptions): Promise<HotPlugin> {
    const { stdin, signal, ...rest } = options;
    const lasting = stdin === undefined ? rest : { ...rest, stdin: reusableStdin(stdin) };
    const first = signal === undefined ? lasting : { ...lasting, signal };
    const plugin = await loadPlugin(version.url, { name: version.name, ...first });
    return new HotPlugin(version, plugin, lasting);
  }

  private constructor(version: PluginVersion, plugin: Plugin, options: LoadOptions) {
    this.#version = version;
    this.#plugin = plugin;
    this.#options = options;
    this.#end.watch(plugin);
    this.files = this.#hotFiles(plugin.files);
    this.events = new HotEvents(plugin.events);
    this.function = ((name: string, ...codecs: [never, never]) => {
      const find = (of: Plugin) => of.function(name, ...codecs) as unknown as AnyFunction;
      // A wrong name or type fails here, as without an update.
      find(this.#plugin);
      return hotFunction(find, this.#call);
    }) as Plugin["function"];
  }

  get name(): string {
    return this.#plugin.name;
  }

  get functions(): Plugin["functions"] {
    return this.#plugin.functions;
  }

  get schema(): Plugin["schema"] {
    return this.#plugin.schema;
  }

  get interruption(): Plugin["interruption"] {
    return this.#plugin.interruption;
  }

  get lane(): Plugin["lane"] {
    return this.#plugin.lane;
  }

  get restarts(): number {
    return this.#plugin.restarts;
  }

  get truncated(): Plugin["truncated"] {
    return this.#plugin.truncated;
  }

  get fuelUsed(): number {
    return this.#plugin.fuelUsed;
  }

  get memoryBytes(): number {
    return this.#plugin.memoryBytes;
  }

  get closed(): Promise<CloseReason> {
    return this.#end.closed;
  }

  get api(): PluginApi {
    // It throws for a plugin that does not describe itself.
    void this.#plugin.api;
    this.#api ??= hotApi(() => this.#plugin, this.#call);
    return this.#api;
  }

  mount(path: string, source: FileSource, options?: MountOptions): Promise<Mount> {
    return this.#onFiles(async (plugin) => {
      const mount = new HotMount(path, source, options);
      await mount.mountIn(plugin);
      this.#mounts.add(mount);
      const save = () => this.#onFiles(() => mount.save());
      const unmount = () =>
        this.#onFiles(async () => {
          await mount.unmount();
          this.#mounts.delete(mount);
        });
      return { path, save, unmount, [Symbol.asyncDispose]: unmount };
    });
  }

  /** That of the latest version. */
  recording(options?: { readonly withModule?: boolean }): ReturnType<Plugin["recording"]> {
    return this.#plugin.recording(options);
  }

  close(): Promise<void> {
    this.#closing ??=
      this.#callsWait === undefined
        ? this.#plugin.close()
        : this.#callsWait.then(() => this.#plugin.close());
    return this.#closing;
  }

  terminate(reason?: unknown): void {
    this.#plugin.terminate(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Replaces the instance by one of another version, after all calls so far. Never rejects. */
  update(version: PluginVersion): Promise<void> {
    this.#updates = this.#updates.then(() => this.#update(version));
    return this.#updates;
  }

  async #update(version: PluginVersion): Promise<void> {
    if (version.url === this.#version.url || this.#closing !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#callsWait = promise;
    try {
      await Promise.allSettled(this.#running);
      this.#filesWait = promise;
      await Promise.allSettled(this.#running);
      await this.#replace(version);
    } catch (error) {
      const message = `Plugin "${this.name}" keeps its last version: the new one cannot be loaded`;
      if (this.#end.reason === undefined) console.error(message, error);
    } finally {
      this.#callsWait = undefined;
      this.#filesWait = undefined;
      resolve();
    }
  }

  /** Nothing else happens to the plugin meanwhile, except that it is terminated. */
  async #replace(version: PluginVersion): Promise<void> {
    const old = this.#plugin;
    let next: Plugin | undefined;
    const taken: HotMount[] = [];
    try {
      for (const mount of [...this.#mounts].toReversed()) {
        await mount.takeFrom(old);
        taken.unshift(mount);
      }
      const { files } = this.#options;
      const kept = files === "none" ? files : await old.files.snapshot();
      next = await loadPlugin(version.url, { name: version.name, ...this.#options, files: kept });
      for (const mount of taken) await mount.mountIn(next);
      if (this.#end.reason !== undefined) throw new Error("The plugin was terminated");
    } catch (error) {
      next?.terminate();
      if (this.#end.reason === undefined) for (const mount of taken) await mount.mountIn(old);
      throw error;
    }
    this.#version = version;
    this.#plugin = next;
    this.#end.watch(next);
    this.events.moveTo(next.events);
    await old.close();
  }

  readonly #call = async <Result>(call: (plugin: Plugin) => Promise<Result>): Promise<Result> => {
    while (this.#callsWait !== undefined) await this.#callsWait;
    return this.#run(call);
  };

  async #onFiles<Result>(operate: (plugin: Plugin) => Promise<Result>): Promise<Result> {
    while (this.#filesWait !== undefined) await this.#filesWait;
    return this.#run(operate);
  }

  #run<Result>(call: (plugin: Plugin) => Promise<Result>): Promise<Result> {
    const result = call(this.#plugin);
    const settled = result.then(
      () => {},
      () => {},
    );
    this.#running.add(settled);
    void settled.then(() => this.#running.delete(settled));
    return result;
  }

  #hotFiles(files: PluginFiles): PluginFiles {
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(files)) as (keyof PluginFiles)[];
    const operations = names.map((name) => {
      const operate = (...args: unknown[]) =>
        this.#onFiles(async ({ files }) => Reflect.apply(files[name], files, args) as unknown);
      return [name, operate];
    });
    return Object.fromEntries(operations) as PluginFiles;
  }
}

/** The end of a plugin. It does not keep the plugin alive, since the worker keeps it. */
class End {
  readonly closed: Promise<CloseReason>;
  reason: CloseReason | undefined;
  readonly #resolve: (reason: CloseReason) => void;
  #watched = 0;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<CloseReason>();
    this.closed = promise;
    this.#resolve = resolve;
  }

  /** Takes the end of this instance for the plugin's, and no longer that of the one before. */
  watch({ closed }: Plugin): void {
    this.#watched += 1;
    const watched = this.#watched;
    void closed.then((reason) => {
      if (watched !== this.#watched) return;
      this.reason = reason;
      this.#resolve(reason);
    });
  }
}

/** The page's handle to a loaded plugin. */

import type { AnyCodec, ValueOf } from "../codec/codec.ts";
import type { Interruption } from "../rewrite/form.ts";
import type { PluginSchema } from "../schema/plugin-schema.ts";
import {
  type DescribedFunction,
  DescribedFunctions,
  type PluginApi,
} from "./calls/described-functions.ts";
import type { CallTarget, GuestFunction } from "./calls/guest-function.ts";
import { type ClosableParts, closePlugin } from "./close-plugin.ts";
import { type CloseReason, closedError } from "./events/close-reason.ts";
import type { PluginEventMap } from "./events/plugin-event.ts";
import type { FileSource } from "./files/file-source.ts";
import type { Mount, MountOptions, Mounts } from "./files/mount.ts";
import { PluginFiles } from "./files/plugin-files.ts";
import { checkFlag } from "./grants/checks.ts";
import type { InputsOf, UnknownFunctions } from "./grants/host-function.ts";
import type { LaneKind } from "./grants/lane.ts";
import { readOptions } from "./grants/read-options.ts";
import type { Truncated, Usage } from "./instance/usage.ts";
import { disposeBy } from "./platform/async-dispose.ts";
import { type Events, PluginEvents } from "./plugin-events.ts";
import type { Recorder } from "./recording/recorder.ts";
import type { Recording } from "./recording/recording.ts";
import { closeWhenUnreachable, keepAlive } from "./unreachable.ts";

/** What calls of a plugin need. */
export type PluginCalls = CallTarget & Pick<ClosableParts, "supervisor" | "queue" | "events">;

/** What a plugin is made of. */
export interface PluginParts {
  readonly calls: PluginCalls;
  readonly mounts: Mounts;
  readonly usage: Usage;
  readonly functions: readonly string[];
  readonly schema: PluginSchema | undefined;
  readonly interruption: Interruption;
  readonly lane: LaneKind;
  readonly recorder: Recorder | undefined;
}

/**
 * A loaded plugin that takes calls. Created by `loadPlugin`, or by what `prepare` gives.
 *
 * Calls of one plugin run one at a time, in the order they were made. The plugin takes no more calls
 * after {@link Plugin.close} or {@link Plugin.terminate}, nor, unless it was loaded with `restart`,
 * after a trap, an exit, a timeout, or an abort of the running call. {@link Plugin.closed} tells which.
 *
 * `Functions` are the declarations of its functions, where the caller has them.
 */
export class Plugin<Functions = UnknownFunctions> implements AsyncDisposable {
  /** The option `name`, or the name of its file. Errors carry it. */
  readonly name: string;
  /** The functions it exports, without the ABI's underscores, in export order. */
  readonly functions: readonly string[];
  /** What the plugin says of itself: its functions and types; `undefined` where it says nothing. */
  readonly schema: PluginSchema | undefined;
  /** The plugin's own file system. */
  readonly files: PluginFiles;
  /** Tells of calls, host calls, output, limits, restarts and the end: see `docs/events.md`. */
  readonly events: Events<PluginEventMap>;
  /** Resolves when the plugin takes no more calls, with the reason. Never rejects. */
  readonly closed: Promise<CloseReason>;
  /** How a guest that does not return is interrupted. */
  readonly interruption: Interruption;
  /** How calls travel to its worker and back. */
  readonly lane: LaneKind;
  /** Closes it at the end of a block with `await using`. */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly #calls: PluginCalls;
  readonly #functions: DescribedFunctions;
  readonly #usage: Usage;
  readonly #recorder: Recorder | undefined;
  readonly #closable: ClosableParts;
  #closing: Promise<void> | undefined;

  /** Only the functions that load plugins call it. */
  constructor(parts: PluginParts) {
    const { calls, mounts, usage, functions, schema, interruption, lane, recorder } = parts;
    const { supervisor, queue, limits, events } = calls;
    this.name = supervisor.pluginName;
    this.functions = functions;
    this.schema = schema;
    this.#functions = new DescribedFunctions(calls, functions, schema);
    this.files = keepAlive(new PluginFiles(supervisor, limits), calls);
    this.events = keepAlive(new PluginEvents(events, () => supervisor.hearOutput()), calls);
    this.closed = supervisor.closed;
    this.interruption = interruption;
    this.lane = lane;
    this.#calls = calls;
    this.#usage = usage;
    this.#recorder = recorder;
    this.#closable = { supervisor, queue, mounts, events };
    failWaitingAtEnd(this.#closable);
    closeWhenUnreachable(calls, this.#closable);
    disposeBy(this, () => this.close());
  }

  /** How often a fresh instance has replaced one that failed. Always 0 without `restart`. */
  get restarts(): number {
    return this.#calls.supervisor.restarts;
  }

  /** Which streams had more output in a call so far than `limits.outputBytes`: the rest was dropped. */
  get truncated(): Truncated {
    return this.#usage.truncated;
  }

  /** Units of fuel that the start and all calls so far have used, where `limits.fuel` is set; 0 elsewhere. */
  get fuelUsed(): number {
    return this.#usage.fuelUsed;
  }

  /** Bytes of its linear memory, as of its start or its last completed call: memory grows and never shrinks. */
  get memoryBytes(): number {
    return this.#usage.memoryBytes;
  }

  /**
   * The functions of a plugin that describes itself, typed by its schema: see `docs/schema.md`.
   *
   * @throws {PluginLinkError} when the plugin does not describe itself.
   * @example
   * await plugin.api.double([1, 2, 3]); // [2, 4, 6]
   */
  get api(): PluginApi<Functions> {
    return this.#functions.api as PluginApi<Functions>;
  }

  /**
   * The guest function `name`, typed by its codecs.
   *
   * @param params The codec of each parameter. They must match the guest's: bincode carries no types.
   *   Where the plugin describes itself they are compared with what it says.
   * @param result The codec of the result.
   * @throws {PluginLinkError} at once when the plugin exports no such function, or says that it has
   *   other types.
   * @throws {TypeError} for what is no name or no codec.
   * @example
   * const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
   * await double([1, 2, 3]); // [2, 4, 6]
   */
  function<const Params extends readonly AnyCodec[], Result extends AnyCodec>(
    name: string,
    params: Params,
    result: Result,
  ): GuestFunction<InputsOf<Params>, ValueOf<Result>>;
  /**
   * The guest function `name` of a plugin that describes itself, typed by its schema.
   *
   * @throws {PluginLinkError} at once when the plugin exports no such function, or does not describe it.
   */
  function<Name extends keyof Functions & string>(name: Name): DescribedFunction<Functions[Name]>;
  function(name: string, ...codecs: readonly unknown[]): GuestFunction<never, unknown> {
    const [params, result] = codecs;
    return this.#functions.find(name, codecs.length === 0 ? undefined : { params, result });
  }

  /**
   * Mounts a tree of files at a path, over what is there. The guest sees it at once.
   *
   * @param path Where. A missing directory is created.
   * @param source A tree, files that a person chose (with the folders they came in), or a directory
   *   that the page has a handle to. All are copied; nothing is written back, unless `persist` is set.
   * @returns A handle that unmounts it, with what the guest wrote in it, and reveals what it hid.
   *   Descriptors that the guest has open in it fail with ESTALE from then on.
   * @throws {PluginFileError} such as `"ENOTDIR"`, or `"EBUSY"` for `/`.
   */
  mount(path: string, source: FileSource, options?: MountOptions): Promise<Mount> {
    const { mounts, supervisor } = this.#closable;
    const mounting = mounts.mount(supervisor, path, source, options);
    return mounting.then((mount) => keepAlive(mount, this.#calls));
  }

  /**
   * What was recorded so far, also of a plugin that is closed: see `docs/replay.md`.
   *
   * @param options `withModule`: whether the module's bytes are in it. Default: its SHA-256 alone.
   * @throws {TypeError} when the plugin was loaded without `record`.
   * @example
   * const report = JSON.stringify(await plugin.recording({ withModule: true }));
   */
  async recording(options?: { readonly withModule?: boolean }): Promise<Recording> {
    const { withModule = false } = readOptions(options, { withModule: checkFlag });
    const recording = await this.#recorder?.recording(withModule);
    if (recording !== undefined) return recording;
    throw new TypeError(
      `Cannot get the recording of plugin "${this.name}": load it with record: true`,
    );
  }

  /** Closes the plugin once all calls made so far have settled. New calls reject. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= closePlugin(this.#closable);
    return this.#closing;
  }

  /**
   * Terminates the plugin now. The running call and those that wait reject with a `PluginClosedError`
   * whose cause is `reason`.
   */
  terminate(reason?: unknown): void {
    this.#calls.supervisor.terminate({ kind: "terminated", reason });
  }
}

/** Rejects the calls that wait in the queue, which never run. No closure of the plugin, which it would keep alive. */
function failWaitingAtEnd({ supervisor, queue, events }: ClosableParts): void {
  const { closed, pluginName } = supervisor;
  void closed.then(async (reason) => {
    if (reason.kind === "failed") events.emitLimitOf(reason.error);
    await queue.failWaiting(closedError(pluginName, reason));
    events.emit({ type: "close", reason });
  });
}

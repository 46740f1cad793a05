/** The page's handle to a loaded plugin. */

import type { AnyCodec, ValueOf } from "../codec/codec.ts";
import type { Interruption } from "../rewrite/form.ts";
import { findFunction } from "./calls/find-function.ts";
import {
  type CallTarget,
  createGuestFunction,
  type GuestFunction,
} from "./calls/guest-function.ts";
import { type ClosableParts, closePlugin } from "./close-plugin.ts";
import type { FileSource } from "./files/file-source.ts";
import type { Mount, MountOptions, Mounts } from "./files/mount.ts";
import { PluginFiles } from "./files/plugin-files.ts";
import type { InputsOf } from "./grants/host-function.ts";
import type { LaneKind } from "./grants/lane.ts";
import { type CloseReason, closedError } from "./instance/close-reason.ts";
import type { Truncated, Usage } from "./instance/usage.ts";
import { closeWhenUnreachable, keepAlive } from "./unreachable.ts";

/** What calls of a plugin need. */
export type PluginCalls = CallTarget & Pick<ClosableParts, "supervisor" | "queue">;

/** What a plugin is made of. */
export interface PluginParts {
  readonly calls: PluginCalls;
  readonly mounts: Mounts;
  readonly usage: Usage;
  readonly functions: readonly string[];
  readonly interruption: Interruption;
  readonly lane: LaneKind;
}

/**
 * A loaded plugin that takes calls. Created by `loadPlugin`, or by what `prepare` gives.
 *
 * Calls of one plugin run one at a time, in the order they were made. The plugin takes no more calls
 * after {@link Plugin.close} or {@link Plugin.terminate}, nor, unless it was loaded with `restart`,
 * after a trap, an exit, a timeout, or an abort of the running call. {@link Plugin.closed} tells which.
 */
export class Plugin implements AsyncDisposable {
  /** The option `name`, or the name of its file. Errors carry it. */
  readonly name: string;
  /** The functions it exports, without the ABI's underscores, in export order. */
  readonly functions: readonly string[];
  /** The plugin's own file system. */
  readonly files: PluginFiles;
  /** Resolves when the plugin takes no more calls, with the reason. Never rejects. */
  readonly closed: Promise<CloseReason>;
  /** How a guest that does not return is interrupted. */
  readonly interruption: Interruption;
  /** How calls travel to its worker and back. */
  readonly lane: LaneKind;
  readonly #calls: PluginCalls;
  readonly #usage: Usage;
  readonly #closable: ClosableParts;
  #closing: Promise<void> | undefined;

  /** Only the functions that load plugins call it. */
  constructor({ calls, mounts, usage, functions, interruption, lane }: PluginParts) {
    const { supervisor, queue, limits } = calls;
    this.name = supervisor.pluginName;
    this.functions = functions;
    this.files = keepAlive(new PluginFiles(supervisor, limits), calls);
    this.closed = supervisor.closed;
    this.interruption = interruption;
    this.lane = lane;
    this.#calls = calls;
    this.#usage = usage;
    this.#closable = { supervisor, queue, mounts };
    failWaitingAtEnd(this.#closable);
    closeWhenUnreachable(calls, this.#closable);
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

  /**
   * The guest function `name`, typed by its codecs.
   *
   * @param params The codec of each parameter. They must match the guest's: bincode carries no types.
   * @param result The codec of the result.
   * @throws {PluginLinkError} at once when the plugin exports no such function.
   * @throws {TypeError} for what is no name or no codec.
   * @example
   * const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
   * await double([1, 2, 3]); // [2, 4, 6]
   */
  function<const Params extends readonly AnyCodec[], Result extends AnyCodec>(
    name: string,
    params: Params,
    result: Result,
  ): GuestFunction<InputsOf<Params>, ValueOf<Result>> {
    const index = findFunction(this.functions, name, this.name);
    return createGuestFunction(this.#calls, name, index, params, result);
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

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Rejects the calls that wait in the queue, which never run. No closure of the plugin, which it would keep alive. */
function failWaitingAtEnd({ supervisor, queue }: ClosableParts): void {
  const { closed, pluginName } = supervisor;
  void closed.then((reason) => queue.failWaiting(closedError(pluginName, reason)));
}

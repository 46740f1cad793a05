/** A loaded plugin, as the page holds it. */

import { functionName, shownList, shownName, wasmName } from "../abi/names.ts";
import type { AnyCodec, ValueOf } from "../codec/codec.ts";
import { PluginLinkError } from "../errors.ts";
import type { Interruption } from "../rewrite/form.ts";
import {
  type CallContext,
  createGuestFunction,
  type GuestFunction,
} from "./calls/guest-function.ts";
import type { FileSource } from "./files/file-source.ts";
import type { Mount, MountOptions, Mounts } from "./files/mount.ts";
import { PluginFiles } from "./files/plugin-files.ts";
import type { InputsOf } from "./grants/host-function.ts";
import { type CloseReason, closedError } from "./instance/close-reason.ts";

/**
 * A plugin that is up and takes calls. Made by `loadPlugin`.
 *
 * Calls on one plugin run one at a time, in the order they were made. The plugin is gone for good
 * after {@link Plugin.close}, {@link Plugin.terminate}, and, unless it was loaded with `restart`, a
 * trap, an exit, a timeout, or an abort of the call that runs; {@link Plugin.closed} tells which.
 */
export class Plugin implements AsyncDisposable {
  /** The name it was given, or its file's name. Errors carry it. */
  readonly name: string;
  /** The functions it exports, without the ABI's underscores, in export order. */
  readonly functions: readonly string[];
  /** The plugin's own file system. */
  readonly files: PluginFiles;
  /** Resolves when the plugin takes no more calls, with the reason. Never rejects. */
  readonly closed: Promise<CloseReason>;
  /** Whether a call so far wrote more than `limits.outputBytes`, and the rest was dropped. */
  readonly truncated: { readonly stdout: boolean; readonly stderr: boolean };
  /** How it is stopped when it does not return. */
  readonly interruption: Interruption;
  readonly #context: CallContext;
  readonly #mounts: Mounts;
  #closing: Promise<void> | undefined;

  /** For `loadPlugin` alone. */
  constructor(context: CallContext, mounts: Mounts, functions: readonly string[]) {
    const { supervisor, queue, limits } = context;
    this.name = supervisor.pluginName;
    this.functions = functions;
    this.files = new PluginFiles(supervisor, limits);
    this.closed = supervisor.closed;
    this.truncated = context.totals.truncated;
    this.interruption = context.interruption;
    this.#context = context;
    this.#mounts = mounts;
    // Whatever ended it, nothing that waits in the queue will run.
    void this.closed.then((reason) => queue.failWaiting(closedError(this.name, reason)));
  }

  /** How often a fresh instance has taken the place of one that died. Always 0 without `restart`. */
  get restarts(): number {
    return this.#context.supervisor.restarts;
  }

  /** Units of fuel that the start and all calls so far have used, where `limits.fuel` is set; 0 elsewhere. */
  get fuelUsed(): number {
    return this.#context.totals.fuelUsed;
  }

  /**
   * The guest function `name`, typed by its codecs.
   *
   * @param params The codec of each parameter; bincode carries no types, so they must be the guest's.
   * @param result The codec of the result.
   * @throws {PluginLinkError} at once when the plugin exports no such function.
   * @example
   * const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
   * await double([1, 2, 3]); // [2, 4, 6]
   */
  function<const Params extends readonly AnyCodec[], Result extends AnyCodec>(
    name: string,
    params: Params,
    result: Result,
  ): GuestFunction<InputsOf<Params>, ValueOf<Result>> {
    if (!this.functions.includes(name)) {
      const names = shownList(this.functions.map(shownName), ", ");
      const found = names === "" ? "it exports none" : `it exports ${names}`;
      const hint = functionName(name) === undefined ? "" : " (leave the underscores out)";
      throw new PluginLinkError(
        `Cannot find function "${shownName(name)}" of plugin "${this.name}": ${found}, expected an export "${shownName(wasmName(name))}" of type (i64) -> i64${hint}`,
        { pluginName: this.name },
      );
    }
    return createGuestFunction(this.#context, name, params, result);
  }

  /**
   * Lets a tree of files stand at a path, over what is there. The guest sees it at once.
   *
   * @param path Where; the directory is made if it is missing.
   * @param source A tree, files that a person chose (with the folders they came in), or a directory
   *   that the page has a handle to. All are copied; nothing is written back, unless `persist` is set.
   * @returns What takes it away again, with what the guest wrote in it; what it covered comes back.
   *   Descriptors that the guest has open in it answer ESTALE from then on.
   * @throws {PluginFileError} such as `"ENOTDIR"`, or `"EBUSY"` for `/`.
   */
  mount(path: string, source: FileSource, options?: MountOptions): Promise<Mount> {
    return this.#mounts.mount(this.#context.supervisor, path, source, options);
  }

  /** Ends the plugin once all calls made so far have settled. New calls are refused. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { supervisor, queue } = this.#context;
    await queue.close();
    try {
      await this.#mounts.save();
    } finally {
      supervisor.terminate({ kind: "closed" });
    }
  }

  /**
   * Ends the plugin now. The call that runs and those that wait reject with a `PluginClosedError`
   * whose cause is `reason`.
   */
  terminate(reason?: unknown): void {
    this.#context.supervisor.terminate({ kind: "terminated", reason });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

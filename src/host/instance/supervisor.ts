/** Keeps one isolate of a plugin running: the first, and with `restart` a fresh one after each that is gone. */

import { PluginError } from "../../errors.ts";
import type { FileChanges } from "../../files/changes/file-changes.ts";
import type { FileOperations } from "../../protocol/file-operations.ts";
import { type CloseReason, closedError } from "../events/close-reason.ts";
import type { Restart } from "../events/plugin-event.ts";
import { reportUncaught } from "../time/report-uncaught.ts";
import { startIdleTimer } from "../time/timer.ts";
import { type Blueprint, prepareNext, spawnIsolate } from "./blueprint.ts";
import type { CallWindow } from "./call-window.ts";
import type { Isolate } from "./isolate.ts";

type Reply<Name extends keyof FileOperations> = Promise<ReturnType<FileOperations[Name]>>;

/** Hands the files of an isolate that is gone over to the next one. */
export interface Handover {
  /** The files as they were after the last call that was completed. */
  image(): FileChanges;
  /** Mounts again what the image does not have. */
  remount(isolate: Isolate): Promise<void>;
}

/** How a plugin is restarted. */
export interface RestartOptions {
  readonly handover: Handover;
  readonly onRestart: ((restart: Restart) => void) | undefined;
}

export class Supervisor {
  /** Resolves when there will be no further isolate, with the reason. Never rejects. */
  readonly closed: Promise<CloseReason>;
  readonly #blueprint: Blueprint;
  readonly #restart: RestartOptions | undefined;
  /** The latest one, running or gone. */
  #isolate: Isolate;
  /** The next one, while it is prepared: its files do not answer yet. */
  #next: Promise<Isolate> | undefined;
  /** The next one, while it is started for calls. */
  #starting: Promise<Isolate> | undefined;
  /** Has loaded its script, and waits to be the next one. */
  #spare: Isolate | undefined;
  #stopTimer: () => void = () => {};
  #restarts = 0;
  /** Why the last isolate that took calls is gone. */
  #death: CloseReason | undefined;
  #reason: CloseReason | undefined;
  #resolveClosed: (reason: CloseReason) => void = () => {};

  /** @param restart Without it, the first isolate is the last. */
  constructor(blueprint: Blueprint, first: Isolate, restart: RestartOptions | undefined) {
    this.#blueprint = blueprint;
    this.#isolate = first;
    this.#restart = restart;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    if (restart !== undefined) this.#keepSpare();
    else void first.closed.then((reason) => this.terminate(reason));
  }

  get pluginName(): string {
    return this.#blueprint.pluginName;
  }

  /** How many isolates were started after the first. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Why there will be no further isolate, or `undefined` while there is one or can be. */
  get reason(): CloseReason | undefined {
    if (this.#restart !== undefined) return this.#reason;
    return this.#reason ?? this.#isolate.reason;
  }

  /**
   * An isolate that takes calls: the one that is up, or the promise of a fresh one if that is gone.
   *
   * @throws {PluginError} at once when there will be none. The promise rejects when a fresh one fails to
   *   start; the next call tries again.
   */
  isolate(): Isolate | Promise<Isolate> {
    if (this.#isolate.isUp) return this.#isolate;
    const { reason } = this;
    if (reason !== undefined) throw closedError(this.pluginName, reason);
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
      this.#keepSpare();
    });
    return this.#starting;
  }

  /** Where calls are given to the isolate that takes them: see {@link isolate}. */
  window(): CallWindow | Promise<CallWindow> {
    const isolate = this.isolate();
    return isolate instanceof Promise ? isolate.then(({ calls }) => calls) : isolate.calls;
  }

  /** The isolate that has the files, after it was prepared. Never rejects. */
  async present(): Promise<Isolate | undefined> {
    await this.#next?.catch(() => {});
    return this.#isolate.reason === undefined ? this.#isolate : undefined;
  }

  /**
   * Does an operation on the files. If the isolate that had them is gone, a fresh one is prepared, and
   * its guest is not started.
   *
   * What an isolate has not replied to is not in the files of the next one, so the operation is tried
   * again there: once, since it may be the operation that crashes a hostile worker.
   */
  async onFiles<Name extends keyof FileOperations>(
    operation: Name,
    ...args: Parameters<FileOperations[Name]>
  ): Reply<Name> {
    const prepared = this.#prepared();
    const isLast = this.#restart === undefined;
    // The caller may change its arguments as soon as it has the promise, and bytes are transferred.
    const kept = isLast ? args : structuredClone(args);
    const isolate = prepared instanceof Promise ? await prepared : prepared;
    this.#blueprint.request.recorder?.operated(operation, kept);
    try {
      return await send(isolate, operation, isLast ? kept : structuredClone(kept));
    } catch (error) {
      if (isLast || isolate.reason === undefined || this.#reason !== undefined) throw error;
    }
    const next = await this.#prepared();
    return send(next, operation, kept);
  }

  /** Has the output of the guest posted from now on. Instances to come are prepared so. */
  hearOutput(): void {
    if (this.#isolate.reason !== undefined) return;
    // One that is gone by then has no output.
    this.#isolate.send("hearOutput").catch(() => {});
  }

  /** Records that a mount is removed: {@link present} does not. */
  unmounted(volume: number): void {
    this.#blueprint.request.recorder?.operated("unmount", [volume]);
  }

  /** Terminates all isolates now, for good. The first reason stays. */
  terminate(reason: CloseReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#stopTimer();
    this.#isolate.terminate(reason);
    this.#spare?.terminate(reason);
    this.#blueprint.flagPlace?.release();
    this.#blueprint.stdin.close();
    this.#resolveClosed(reason);
  }

  /** An isolate whose files answer. */
  #prepared(): Isolate | Promise<Isolate> {
    const { reason } = this;
    if (reason !== undefined) throw closedError(this.pluginName, reason);
    if (this.#next !== undefined) return this.#next;
    if (this.#restart === undefined || this.#isolate.reason === undefined) {
      return this.#isolate;
    }
    this.#next = this.#prepare(this.#restart.handover).finally(() => {
      this.#next = undefined;
      if (this.#starting === undefined) this.#keepSpare();
    });
    return this.#next;
  }

  async #prepare(handover: Handover): Promise<Isolate> {
    const spare = this.#takeSpare();
    if (spare !== undefined) {
      try {
        return await this.#prepareIn(spare, handover);
      } catch (error) {
        if (this.#reason !== undefined) throw error;
        // The spare may have died unnoticed. A new worker shows any other cause.
      }
    }
    return this.#prepareIn(this.#spawn(), handover);
  }

  #prepareIn(isolate: Isolate, handover: Handover): Promise<Isolate> {
    return this.#limited(isolate, async () => {
      this.#death ??= this.#isolate.reason;
      this.#isolate = isolate;
      await prepareNext(isolate, this.#blueprint, handover.image());
      await handover.remount(isolate);
      return isolate;
    });
  }

  async #start(): Promise<Isolate> {
    const isolate = await this.#prepared();
    await this.#limited(isolate, () => isolate.start());
    this.#restarts++;
    this.#tellRestart();
    return isolate;
  }

  #tellRestart(): void {
    const reason = this.#death;
    this.#death = undefined;
    if (reason === undefined) return;
    try {
      this.#restart?.onRestart?.({ count: this.#restarts, reason });
    } catch (error) {
      reportUncaught(error);
    }
  }

  /** Bounds the loading of a fresh isolate, which is terminated when it fails. */
  async #limited<T>(isolate: Isolate, load: () => Promise<T>): Promise<T> {
    const stopTimer = isolate.limitLoading(this.#blueprint.limits.loadMs);
    try {
      return await load();
    } catch (error) {
      const isOwn = error instanceof PluginError;
      isolate.terminate(isOwn ? { kind: "failed", error } : { kind: "terminated", reason: error });
      throw error;
    } finally {
      stopTimer();
    }
  }

  #takeSpare(): Isolate | undefined {
    this.#stopTimer();
    const spare = this.#spare;
    this.#spare = undefined;
    return spare?.reason === undefined ? spare : undefined;
  }

  /** Starts a spare in a moment: the call goes first. */
  #keepSpare(): void {
    this.#stopTimer();
    if (this.#reason !== undefined) return;
    this.#stopTimer = startIdleTimer(0, () => {
      try {
        this.#spare ??= this.#spawn();
      } catch {
        // The next start does without it, and throws the error.
      }
    });
  }

  #spawn(): Isolate {
    const { request, pluginName, limits } = this.#blueprint;
    return spawnIsolate(request, pluginName, limits);
  }
}

function send<Name extends keyof FileOperations>(
  isolate: Isolate,
  operation: Name,
  args: Parameters<FileOperations[Name]>,
): Reply<Name> {
  return isolate.send(operation, ...args) as Reply<Name>;
}

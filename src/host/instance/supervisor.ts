/** Keeps one instance of a plugin up: the first, and with `restart` another one after each that died. */

import { PluginError } from "../../errors.ts";
import type { FileChanges } from "../../files/changes/file-changes.ts";
import type { FileOperations } from "../../protocol/file-operations.ts";
import { startTimer } from "../time/timer.ts";
import { type Blueprint, prepare, spawnIsolate } from "./bring-up.ts";
import { type CloseReason, closedError } from "./close-reason.ts";
import type { Isolate } from "./isolate.ts";

type Reply<Name extends keyof FileOperations> = Promise<ReturnType<FileOperations[Name]>>;

/** How a fresh instance becomes what the last one was. */
export interface Succession {
  /** The files as they were after the last call that was completed. */
  image(): FileChanges;
  /** Does what else is to be done to them. */
  settle(isolate: Isolate): Promise<void>;
}

export class Supervisor {
  /** Resolves when there will be no further instance, with the reason. Never rejects. */
  readonly closed: Promise<CloseReason>;
  readonly #blueprint: Blueprint;
  readonly #succession: Succession | undefined;
  /** The last one, dead or alive. */
  #isolate: Isolate;
  /** The next one, while it is made: its files do not answer yet. */
  #next: Promise<Isolate> | undefined;
  /** The one that is started for calls. */
  #starting: Promise<Isolate> | undefined;
  /** A worker that waits for the next death. */
  #spare: Isolate | undefined;
  #stopTimer: () => void = () => {};
  #restarts = 0;
  #reason: CloseReason | undefined;
  #resolveClosed: (reason: CloseReason) => void = () => {};

  /** @param succession What makes a fresh instance of the last one; without, the first is the last. */
  constructor(blueprint: Blueprint, first: Isolate, succession: Succession | undefined) {
    this.#blueprint = blueprint;
    this.#isolate = first;
    this.#succession = succession;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    if (succession !== undefined) this.#keepSpare();
    else void first.closed.then((reason) => this.terminate(reason));
  }

  get pluginName(): string {
    return this.#blueprint.pluginName;
  }

  /** How many instances there were that took calls, the first one not counted. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Why there will be no further instance, or `undefined` while there is one or can be. */
  get reason(): CloseReason | undefined {
    if (this.#succession !== undefined) return this.#reason;
    return this.#reason ?? this.#isolate.reason;
  }

  /**
   * An isolate that takes calls: the one that is up, at once, or a fresh one where that is gone.
   *
   * @throws {PluginError} when there will be none, at once; or, by the promise, what kept a fresh one
   *   from coming up. Then the next one who asks has another try.
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

  /** The worker that has the files, or will have them in a moment. Never rejects. */
  async present(): Promise<Isolate | undefined> {
    await this.#next?.catch(() => {});
    return this.#isolate.reason === undefined ? this.#isolate : undefined;
  }

  /**
   * Asks whichever worker has the files. Where none has, one gets them; the guest is not started.
   *
   * A worker that dies before it answers has changed nothing that the next one has, so that is asked
   * again: once, since the question may be what makes a hostile one die.
   */
  async onFiles<Name extends keyof FileOperations>(
    operation: Name,
    ...args: Parameters<FileOperations[Name]>
  ): Reply<Name> {
    const prepared = this.#prepared();
    const isLast = this.#succession === undefined;
    // The caller may change its own as soon as it has the promise, and bytes are given up.
    const kept = isLast ? args : structuredClone(args);
    const isolate = prepared instanceof Promise ? await prepared : prepared;
    try {
      return await send(isolate, operation, isLast ? kept : structuredClone(kept));
    } catch (error) {
      if (isLast || isolate.reason === undefined || this.#reason !== undefined) throw error;
    }
    const next = await this.#prepared();
    return send(next, operation, kept);
  }

  /** Ends it all now. The first reason stays. */
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
    if (this.#succession === undefined || this.#isolate.reason === undefined) {
      return this.#isolate;
    }
    this.#next = this.#prepare(this.#succession).finally(() => {
      this.#next = undefined;
      if (this.#starting === undefined) this.#keepSpare();
    });
    return this.#next;
  }

  async #prepare(succession: Succession): Promise<Isolate> {
    const spare = this.#takeSpare();
    if (spare !== undefined) {
      try {
        return await this.#prepareIn(spare, succession);
      } catch (error) {
        if (this.#reason !== undefined) throw error;
        // It may have died unseen. A worker made now tells what else is wrong.
      }
    }
    return this.#prepareIn(this.#spawn(), succession);
  }

  #prepareIn(isolate: Isolate, succession: Succession): Promise<Isolate> {
    return this.#limited(isolate, async () => {
      // In here, since whatever it throws at once has to end the worker, too.
      this.#isolate = isolate;
      await prepare(isolate, this.#blueprint, { image: succession.image() });
      await succession.settle(isolate);
      return isolate;
    });
  }

  async #start(): Promise<Isolate> {
    const isolate = await this.#prepared();
    await this.#limited(isolate, () => isolate.start());
    this.#restarts++;
    return isolate;
  }

  /** Bounds the loading of a fresh instance, which is gone when that fails. */
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

  /** Not at once: there is a call to be made first. */
  #keepSpare(): void {
    this.#stopTimer();
    if (this.#reason !== undefined) return;
    this.#stopTimer = startTimer(0, () => {
      try {
        this.#spare ??= this.#spawn();
      } catch {
        // The next start goes without, and says what is wrong.
      }
    });
  }

  #spawn(): Isolate {
    const { wanted, pluginName, limits } = this.#blueprint;
    return spawnIsolate(wanted, pluginName, limits);
  }
}

function send<Name extends keyof FileOperations>(
  isolate: Isolate,
  operation: Name,
  args: Parameters<FileOperations[Name]>,
): Reply<Name> {
  return isolate.send(operation, ...args) as Reply<Name>;
}

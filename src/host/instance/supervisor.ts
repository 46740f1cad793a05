/** Keeps one instance of a plugin up: the first, and with `restart` another one after each that died. */

import { PluginError } from "../../errors.ts";
import type { FileChanges } from "../../files/changes/file-changes.ts";
import type { WorkerApi } from "../../protocol/worker-api.ts";
import { startTimer } from "../time/timer.ts";
import { type Blueprint, prepareInstance, spawnIsolate } from "./bring-up.ts";
import { type CloseReason, closedError } from "./close-reason.ts";
import type { Instance } from "./instance.ts";
import type { Isolate } from "./isolate.ts";

/** What the page can ask of whichever worker has the files, and ask again of the next one. */
type Question = Exclude<
  keyof WorkerApi,
  "hold" | "compile" | "receive" | "prepare" | "start" | "call" | "run"
>;

type Answer<Method extends Question> = Promise<Awaited<ReturnType<WorkerApi[Method]>>>;

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
  #instance: Instance;
  /** The next one, while it is made: its files do not answer yet. */
  #next: Promise<Instance> | undefined;
  /** The one that is brought up for calls. */
  #comingUp: Promise<Instance> | undefined;
  /** A worker that waits for the next death. */
  #spare: Isolate | undefined;
  #stopTimer: () => void = () => {};
  #restarts = 0;
  #reason: CloseReason | undefined;
  #resolveClosed: (reason: CloseReason) => void = () => {};

  /** @param succession What makes a fresh instance of the last one; without, the first is the last. */
  constructor(blueprint: Blueprint, first: Instance, succession: Succession | undefined) {
    this.#blueprint = blueprint;
    this.#instance = first;
    this.#succession = succession;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    if (succession !== undefined) this.#keepSpare();
    else void first.isolate.closed.then((reason) => this.terminate(reason));
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
    return this.#reason ?? this.#instance.isolate.reason;
  }

  /**
   * An instance that takes calls: the one that is up, at once, or a fresh one where that is dead.
   *
   * @throws {PluginError} when there will be none, at once; or, by the promise, what kept a fresh one
   *   from coming up. Then the next one who asks has another try.
   */
  instance(): Instance | Promise<Instance> {
    if (this.#instance.isUp) return this.#instance;
    const { reason } = this;
    if (reason !== undefined) throw closedError(this.pluginName, reason);
    this.#comingUp ??= this.#bringUp().finally(() => {
      this.#comingUp = undefined;
      this.#keepSpare();
    });
    return this.#comingUp;
  }

  /** The worker that has the files, or will have them in a moment. Never rejects. */
  async present(): Promise<Isolate | undefined> {
    await this.#next?.catch(() => {});
    const { isolate } = this.#instance;
    return isolate.reason === undefined ? isolate : undefined;
  }

  /**
   * Asks whichever worker has the files. Where none has, one gets them; the guest is not started.
   *
   * A worker that dies before it answers has changed nothing that the next one has, so that is asked
   * again: once, since the question may be what makes a hostile one die.
   */
  async ask<Method extends Question>(
    method: Method,
    ...args: Parameters<WorkerApi[Method]>
  ): Answer<Method> {
    const prepared = this.#prepared();
    const isLast = this.#succession === undefined;
    // The caller may change its own as soon as it has the promise, and bytes are given up.
    const kept = isLast ? args : structuredClone(args);
    const { isolate } = prepared instanceof Promise ? await prepared : prepared;
    try {
      return await post(isolate, method, isLast ? kept : structuredClone(kept));
    } catch (error) {
      if (isLast || isolate.reason === undefined || this.#reason !== undefined) throw error;
    }
    const next = await this.#prepared();
    return post(next.isolate, method, kept);
  }

  /** Ends it all now. The first reason stays. */
  terminate(reason: CloseReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#stopTimer();
    this.#instance.isolate.terminate(reason);
    this.#spare?.terminate(reason);
    this.#blueprint.flagPlace?.release();
    this.#blueprint.stdin.close();
    this.#resolveClosed(reason);
  }

  /** An instance whose files answer. */
  #prepared(): Instance | Promise<Instance> {
    const { reason } = this;
    if (reason !== undefined) throw closedError(this.pluginName, reason);
    if (this.#next !== undefined) return this.#next;
    if (this.#succession === undefined || this.#instance.isolate.reason === undefined) {
      return this.#instance;
    }
    this.#next = this.#prepare(this.#succession).finally(() => {
      this.#next = undefined;
      if (this.#comingUp === undefined) this.#keepSpare();
    });
    return this.#next;
  }

  async #prepare(succession: Succession): Promise<Instance> {
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

  #prepareIn(isolate: Isolate, succession: Succession): Promise<Instance> {
    return this.#limited(isolate, async () => {
      // In here, since whatever it throws at once has to end the worker, too.
      const instance = prepareInstance(isolate, this.#blueprint, succession.image());
      this.#instance = instance;
      await instance.prepared;
      await succession.settle(isolate);
      return instance;
    });
  }

  async #bringUp(): Promise<Instance> {
    const instance = await this.#prepared();
    await this.#limited(instance.isolate, () => instance.start());
    this.#restarts++;
    return instance;
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

function post<Method extends Question>(
  isolate: Isolate,
  method: Method,
  args: Parameters<WorkerApi[Method]>,
): Answer<Method> {
  return isolate.request((remote) => {
    const ask = remote[method] as (...args: unknown[]) => Answer<Method>;
    return ask(...args);
  });
}

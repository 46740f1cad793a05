/** One worker and everything that waits for it: every wait ends when the worker does. */

import { transfer, wrap } from "comlink";
import {
  PluginClosedError,
  type PluginError,
  PluginLimitError,
  PluginLoadError,
  PluginTimeoutError,
} from "../../errors.ts";
import type { FileChanges } from "../../files/changes/file-changes.ts";
import type { Limits } from "../../limits.ts";
import {
  guardedEndpoint,
  installTransferHandlers,
  ThrownOnWire,
} from "../../protocol/comlink-endpoint.ts";
import type { CallLane } from "../../protocol/lanes/call-lane.ts";
import type { Notice } from "../../protocol/messages.ts";
import { partsOf } from "../../protocol/output-chunk.ts";
import { PageGuard } from "../../protocol/page-guard.ts";
import { fromWireError } from "../../protocol/wire-error.ts";
import {
  type CompiledModule,
  type CompileOptions,
  type RemoteWorker,
  remoteWorker,
  type StartOptions,
} from "../../protocol/worker-api.ts";
import { cutText } from "../../wording/cut-text.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import type { FlagPlace } from "../grants/flag-memory.ts";
import type { WorkerChoice } from "../grants/worker-choice.ts";
import { policyNeeds, spawnWorker } from "../platform/browser/worker-script.ts";
import type { PluginThread } from "../platform/plugin-thread.ts";
import { Deadline } from "../time/deadline.ts";
import { inBatches } from "../time/in-batches.ts";
import { startTimer } from "../time/timer.ts";
import { type CloseReason, closedError } from "./close-reason.ts";

/** Of what a worker says that it failed of, which may be anything. */
const MAX_REASON_CHARS = 1000;

export interface IsolateOptions extends WorkerChoice {
  readonly limits: Limits;
  /** Takes what the guest writes, in chunks as they come. */
  onOutput(fd: 1 | 2, bytes: Uint8Array): void;
  /** Told that the guest wrote more than `limits.outputBytes`. */
  onTruncated(fd: 1 | 2): void;
  /** Takes what has changed in the files, just before the answer it came with. @throws WasiError when it can't be true */
  onChanges(changes: FileChanges): void;
  /** Told how much more fuel the guest has used. */
  onFuel(units: number): void;
}

export class Isolate implements CallLane {
  readonly pluginName: string;
  /** For what runs on it: one thing at a time. */
  readonly deadline: Deadline = new Deadline();
  /** Resolves when the worker is gone, with the reason. Never rejects. */
  readonly closed: Promise<CloseReason>;
  readonly #options: IsolateOptions;
  readonly #worker: PluginThread;
  readonly #guard: PageGuard;
  /** Forgotten at the end: Comlink keeps an endpoint for as long as there are proxies to it, and the endpoint leads here. */
  #remote: RemoteWorker | undefined;
  /** For an answer that no guest keeps the worker from giving. */
  readonly #patience: Deadline = new Deadline();
  /** Ends the wait of each request that is under way. */
  readonly #waits: Set<(error: PluginError) => void> = new Set();
  readonly #lifeline: string = `cloche:${Math.random()}:${Date.now()}`;
  readonly #lifelineWatch: AbortController = new AbortController();
  #flagPlace: FlagPlace | undefined;
  #fuelUsed = 0;
  #isReady = false;
  #isPrepared = false;
  #isStarted = false;
  #reason: CloseReason | undefined;
  #resolveClosed: (reason: CloseReason) => void = () => {};

  /** @throws {PluginLoadError} when the browser forbids the worker at once. */
  constructor(options: IsolateOptions) {
    installTransferHandlers();
    this.#options = options;
    this.pluginName = options.pluginName;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    try {
      this.#worker = spawnWorker(options);
    } catch (cause) {
      throw this.#startError(describeThrown(cause), cause);
    }
    this.#worker.addEventListener("error", (event) => this.#onError(event));
    this.#worker.addEventListener("messageerror", () => this.breach("a message it cannot read"));
    this.#guard = new PageGuard({
      limits: options.limits,
      nowMs: () => performance.now(),
      onChanges: (changes) => options.onChanges(changes),
      onNotice: (notice) => this.#onNotice(notice),
      onBreach: (found) => void this.breach(found),
    });
    this.#remote = remoteWorker(wrap<RemoteWorker>(guardedEndpoint(this.#worker, this.#guard)));
    void this.#watchLifeline();
  }

  /** The reason why this isolate is gone, or `undefined` while it lives. */
  get reason(): CloseReason | undefined {
    return this.#reason;
  }

  /** Lends what interrupts the guest, for when the worker is ended. */
  interruptWith(flagPlace: FlagPlace): void {
    if (this.#reason === undefined) this.#flagPlace = flagPlace;
    else flagPlace.interrupt();
  }

  /** Ends the worker when it is not up in time. Returns what cancels that. */
  limitLoading(loadMs: number): () => void {
    return startTimer(loadMs, () => {
      const { pluginName } = this;
      const doing = this.#isReady ? "still starting" : "its worker has not answered";
      const error = new PluginLimitError(
        `Cannot load plugin "${pluginName}": ${doing} after ${loadMs} ms, expected it to be up by then (limits.loadMs)`,
        { pluginName, limit: "loadMs", value: loadMs, allowed: loadMs },
      );
      this.terminate({ kind: "failed", error });
    });
  }

  /** Compiles a module in the worker. Its bytes are given up. */
  compile(options: CompileOptions): Promise<CompiledModule> {
    const { source } = options;
    const moved = source instanceof Uint8Array ? [source.buffer] : [];
    return this.#ask((remote) => remote.compile(transfer(options, moved)));
  }

  /** Makes the plugin's files in the worker, and what else an instance needs. */
  async prepare(options: StartOptions): Promise<void> {
    const posted = transfer(options, [options.hostPort]);
    await this.#ask((remote) => remote.prepare(posted));
    this.#isPrepared = true;
  }

  /**
   * Brings the plugin up in the worker.
   *
   * @throws {PluginError} what the guest raised, or why the worker did not start.
   */
  async start(): Promise<void> {
    await this.#ask((remote) => remote.start());
    this.#isStarted = true;
  }

  call(name: string, args: Uint8Array, timeoutMs?: number): Promise<Uint8Array> {
    return this.request((remote) =>
      timeoutMs === undefined ? remote.call(name, args) : remote.call(name, args, timeoutMs),
    );
  }

  /** Whether the guest has been asked something that it has not answered yet. */
  get isGuestRunning(): boolean {
    return this.#guard.isGuestRunning;
  }

  /** Told of each host call before it is answered. */
  countHostCall(): void {
    this.#guard.countHostCall();
  }

  /**
   * Asks the worker for something.
   *
   * @throws {PluginError} what the worker raised, or a {@link PluginClosedError} when it dies first,
   *   or a {@link PluginLimitError} when too many other requests wait.
   */
  request<T>(ask: (remote: RemoteWorker) => Promise<T>): Promise<T> {
    const isFull = this.#waits.size >= this.#options.limits.requestsInFlight;
    return isFull && this.#reason === undefined
      ? Promise.reject(this.#tooManyRequests())
      : this.#ask(ask);
  }

  #ask<T>(ask: (remote: RemoteWorker) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const remote = this.#remote;
      if (this.#reason !== undefined || remote === undefined) {
        reject(this.#closedError(this.#reason ?? { kind: "closed" }));
        return;
      }
      this.#waits.add(reject);
      const onAnswer = () => {
        this.#waits.delete(reject);
        this.#awaitNext();
      };
      ask(remote).then(
        (value) => {
          onAnswer();
          resolve(value);
        },
        (thrown: unknown) => {
          onAnswer();
          const isWire = thrown instanceof ThrownOnWire;
          reject(isWire ? fromWireError(thrown.wire, this.pluginName) : (thrown as Error));
        },
      );
      if (this.#waits.size === 1 || this.#guard.isGuestRunning) this.#awaitNext();
    });
  }

  /**
   * Gives the worker `limits.callMs` for the next answer. What a guest does has a time of its own, the
   * loading too, and while it runs others wait.
   */
  #awaitNext(): void {
    if (this.#reason !== undefined) return;
    const { callMs } = this.#options.limits;
    const isWaiting = this.#isPrepared && this.#waits.size > 0 && !this.#guard.isGuestRunning;
    this.#patience.set(isWaiting ? callMs : Infinity, () => {
      const { pluginName } = this;
      const error = new PluginTimeoutError(
        `Cannot go on with plugin "${pluginName}": its worker has not answered for ${callMs} ms, expected it to (limits.callMs)`,
        { pluginName, timeoutMs: callMs },
      );
      this.terminate({ kind: "failed", error });
    });
  }

  /** Ends the worker now. Whatever waits for it rejects. The first reason stays. */
  terminate(reason: CloseReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#guard.close();
    // The guest first: a browser may take seconds to end a worker that is busy.
    this.#flagPlace?.interrupt();
    this.#worker.terminate();
    this.#lifelineWatch.abort();
    this.#remote = undefined;
    // Their timers would keep all of this in memory for as long as a call may run.
    this.deadline.stop();
    this.#patience.stop();
    const error = this.#closedError(reason);
    const waits = [...this.#waits];
    this.#waits.clear();
    void inBatches(waits, (reject) => reject(error));
    this.#resolveClosed(reason);
  }

  /** What a request gets that comes after, or is cut off by, the end of the worker. */
  #closedError(reason: CloseReason): PluginError {
    // A plugin that never came up has no calls: what waits is the loading itself.
    if (reason.kind === "failed" && !this.#isStarted) return reason.error;
    return closedError(this.pluginName, reason);
  }

  #onNotice(notice: Notice): void {
    switch (notice.notice) {
      case "ready":
        this.#isReady = true;
        break;
      case "output":
        for (const [fd, bytes] of partsOf(notice)) this.#options.onOutput(fd, bytes);
        break;
      case "truncated":
        this.#options.onTruncated(notice.fd);
        break;
      case "fuel":
        this.#options.onFuel(Math.max(0, notice.used - this.#fuelUsed));
        this.#fuelUsed = notice.used;
        break;
    }
  }

  /**
   * A worker that somebody else ends tells nobody, but the browser gives its lock to the next in line:
   * us. One that ends before it has told of its lock is missed when `limits.loadMs` are over.
   */
  async #watchLifeline(): Promise<void> {
    try {
      const { signal } = this.#lifelineWatch;
      if (!(await this.#ask((remote) => remote.hold(this.#lifeline)))) return;
      await navigator.locks.request(this.#lifeline, { signal }, () => {
        this.terminate({ kind: "failed", error: this.#lost("its worker is gone") });
      });
    } catch {
      // This side ended the worker; or locks are forbidden here, and limits remain.
    }
  }

  #onError(event: ErrorEvent): void {
    event.preventDefault();
    const found = cutText(event.message || "no reason given", MAX_REASON_CHARS);
    const error = this.#isReady
      ? this.#lost(`its worker failed (${found})`)
      : this.#startError(found, event.error);
    this.terminate({ kind: "failed", error });
  }

  /** Ends a worker that sent what no worker of this library sends. Returns the error to raise. */
  breach(found: string): PluginError {
    const error = this.#lost(`its worker sent ${found}`);
    this.terminate({ kind: "failed", error });
    return error;
  }

  #tooManyRequests(): PluginLimitError {
    const { pluginName } = this;
    const allowed = this.#options.limits.requestsInFlight;
    const value = this.#waits.size + 1;
    return new PluginLimitError(
      `Cannot ask plugin "${pluginName}": ${value} requests wait for an answer, expected at most ${allowed} (limits.requestsInFlight)`,
      { pluginName, limit: "requestsInFlight", value, allowed },
    );
  }

  #lost(found: string): PluginError {
    const { pluginName } = this;
    return new PluginClosedError(`Cannot go on with plugin "${pluginName}": ${found}`, {
      pluginName,
    });
  }

  #startError(found: string, cause: unknown): PluginLoadError {
    return new PluginLoadError(
      `Cannot start the worker of plugin "${this.pluginName}": ${found}, expected a script that the page may run (a Content-Security-Policy has to allow ${policyNeeds(this.#options)})`,
      { pluginName: this.pluginName, cause },
    );
  }
}

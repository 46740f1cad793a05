/** One worker and everything that waits for it: every wait ends when the worker does. */

import { transfer, wrap } from "comlink";
import {
  PluginClosedError,
  type PluginError,
  PluginLimitError,
  PluginLoadError,
} from "../errors.ts";
import type { CallLane } from "../protocol/call-lane.ts";
import {
  guardedEndpoint,
  installTransferHandlers,
  ThrownOnWire,
} from "../protocol/comlink-endpoint.ts";
import { isNotice, isReply } from "../protocol/messages.ts";
import { isBytes } from "../protocol/shapes.ts";
import { fromWireError } from "../protocol/wire-error.ts";
import type { RemoteWorker, StartOptions, WorkerApi } from "../protocol/worker-api.ts";
import { type CloseReason, describeCloseReason } from "./close-reason.ts";
import { Deadline } from "./deadline.ts";
import { startTimer } from "./timer.ts";
import { spawnWorker, type WasiEngineChoice, type WorkerScript } from "./worker-script.ts";

export interface IsolateOptions {
  readonly pluginName: string;
  readonly worker: WorkerScript | undefined;
  readonly wasi: WasiEngineChoice | undefined;
  /** Takes what the guest writes, in chunks as they come. */
  onOutput(fd: 1 | 2, bytes: Uint8Array): void;
  /** Told that the guest wrote more than `limits.outputBytes`. */
  onTruncated(fd: 1 | 2): void;
}

export class Isolate implements CallLane {
  readonly pluginName: string;
  /** For what runs on it: one thing at a time. */
  readonly deadline: Deadline = new Deadline();
  /** Resolves when the worker is gone, with the reason. Never rejects. */
  readonly closed: Promise<CloseReason>;
  readonly #options: IsolateOptions;
  readonly #worker: Worker;
  readonly #remote: RemoteWorker;
  /** Kept, since Comlink makes and registers a proxy each time that a method is looked up. */
  readonly #remoteCall: RemoteWorker["call"];
  /** Ends the wait of each request that is under way. */
  readonly #waits: Set<(error: PluginError) => void> = new Set();
  readonly #lifeline: string = `cloche:${Math.random()}:${Date.now()}`;
  readonly #lifelineWatch: AbortController = new AbortController();
  #isReady = false;
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
      this.#worker = spawnWorker(options.worker, options.wasi, options.pluginName);
    } catch (cause) {
      throw this.#startError(cause instanceof Error ? cause.message : String(cause), cause);
    }
    this.#worker.addEventListener("error", (event) => this.#onError(event));
    this.#worker.addEventListener("messageerror", () => this.breach("a message it cannot read"));
    const endpoint = guardedEndpoint(this.#worker, {
      accepts: isReply,
      other: (data) => this.#onNotice(data),
    });
    this.#remote = wrap<WorkerApi>(endpoint);
    this.#remoteCall = this.#remote.call;
  }

  /** The reason why this isolate is gone, or `undefined` while it lives. */
  get reason(): CloseReason | undefined {
    return this.#reason;
  }

  /** The name of the lock that the worker shall hold for as long as it lives. */
  get lifeline(): string {
    return this.#lifeline;
  }

  /**
   * Brings the plugin up in the worker.
   *
   * @param loadMs How long that may take, from now.
   * @throws {PluginError} what the guest raised, or why the worker did not start.
   */
  async start(options: StartOptions, loadMs: number): Promise<void> {
    const onTimeout = () => {
      const { pluginName } = this;
      const doing = this.#isReady ? "still starting" : "its worker has not answered";
      const error = new PluginLimitError(
        `Cannot load plugin "${pluginName}": ${doing} after ${loadMs} ms, expected it to be up by then (limits.loadMs)`,
        { pluginName, limit: "loadMs", value: loadMs, allowed: loadMs },
      );
      this.terminate({ kind: "failed", error });
    };
    const stopTimer = startTimer(loadMs, onTimeout);
    try {
      const posted = transfer(options, [options.hostPort]);
      const isLifelineHeld = await this.request((remote) => remote.start(posted));
      this.#isStarted = true;
      if (isLifelineHeld) void this.#watchLifeline();
    } finally {
      stopTimer();
    }
  }

  async call(name: string, args: Uint8Array): Promise<Uint8Array> {
    const result = await this.request(() => this.#remoteCall(name, args));
    if (isBytes(result)) return result;
    throw this.breach("a result that is not bytes");
  }

  /**
   * Asks the worker for something.
   *
   * @throws {PluginError} what the worker raised, or a {@link PluginClosedError} when it dies first.
   */
  request<T>(ask: (remote: RemoteWorker) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#reason !== undefined) {
        reject(this.closedError(this.#reason));
        return;
      }
      this.#waits.add(reject);
      ask(this.#remote)
        .then(resolve, (thrown: unknown) => {
          const isWire = thrown instanceof ThrownOnWire;
          reject(isWire ? fromWireError(thrown.wire, this.pluginName) : (thrown as Error));
        })
        .finally(() => this.#waits.delete(reject));
    });
  }

  /** Ends the worker now. Whatever waits for it rejects. The first reason stays. */
  terminate(reason: CloseReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#worker.terminate();
    this.#lifelineWatch.abort();
    const error = this.closedError(reason);
    for (const reject of this.#waits) reject(error);
    this.#waits.clear();
    this.#resolveClosed(reason);
  }

  /** What a request gets that comes after, or is cut off by, the end of the worker. */
  closedError(reason: CloseReason): PluginError {
    // A plugin that never came up has no calls: what waits is the loading itself.
    if (reason.kind === "failed" && !this.#isStarted) return reason.error;
    const cause =
      reason.kind === "failed" ? reason.error : "reason" in reason ? reason.reason : undefined;
    return new PluginClosedError(
      `Cannot call plugin "${this.pluginName}": ${describeCloseReason(reason)}, expected a live plugin`,
      { pluginName: this.pluginName, ...(cause === undefined ? {} : { cause }) },
    );
  }

  #onNotice(data: unknown): void {
    if (!isNotice(data)) {
      this.breach("a message of unknown shape");
      return;
    }
    switch (data.notice) {
      case "ready":
        this.#isReady = true;
        break;
      case "output":
        this.#options.onOutput(data.fd, data.bytes);
        break;
      case "truncated":
        this.#options.onTruncated(data.fd);
        break;
    }
  }

  /** A worker that somebody else ends tells nobody, but the browser gives its lock to the next in line: us. */
  async #watchLifeline(): Promise<void> {
    try {
      const { signal } = this.#lifelineWatch;
      await navigator.locks.request(this.#lifeline, { signal }, () => {
        this.terminate({ kind: "failed", error: this.#lost("its worker is gone") });
      });
    } catch {
      // Aborted, because this side ended the worker; or locks are forbidden here, and limits remain.
    }
  }

  #onError(event: ErrorEvent): void {
    event.preventDefault();
    const found = event.message || "no reason given";
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

  #lost(found: string): PluginError {
    const { pluginName } = this;
    return new PluginClosedError(`Cannot go on with plugin "${pluginName}": ${found}`, {
      pluginName,
    });
  }

  #startError(found: string, cause: unknown): PluginLoadError {
    const script = this.#options.worker === undefined ? "blob:" : "the worker's address";
    return new PluginLoadError(
      `Cannot start the worker of plugin "${this.pluginName}": ${found}, expected a script that the page may run (a Content-Security-Policy has to allow ${script} in worker-src)`,
      { pluginName: this.pluginName, cause },
    );
  }
}

/** One worker with one plugin in it, and everything that waits for it. Every wait ends when the worker does. */

import { threads } from "#platform/threads";
import type { PluginError, PluginLimitError, PluginLoadError } from "../../errors.ts";
import type { FileChanges } from "../../files/changes/file-changes.ts";
import { WasiError } from "../../files/wasi-error.ts";
import type { Limits } from "../../limits.ts";
import { ThrownOnWire } from "../../protocol/comlink-endpoint.ts";
import { isFatal } from "../../protocol/fatal.ts";
import { HostCallServer, type HostCallService } from "../../protocol/host-calls.ts";
import type { CallLane, CallReply } from "../../protocol/lanes/call-lane.ts";
import type { CallMemory } from "../../protocol/lanes/call-memory.ts";
import { type Notice, REHEARSAL } from "../../protocol/messages.ts";
import { partsOf } from "../../protocol/output-chunk.ts";
import type { Verdict } from "../../protocol/page-guard.ts";
import { fromWireError, type WireError } from "../../protocol/wire-error.ts";
import type { CommandEnd, RemoteWorker, WorkerApi } from "../../protocol/worker-api.ts";
import { type LocateSource, type ModuleLines, sourceLocator } from "../../stack/source-lines.ts";
import { cutText } from "../../wording/cut-text.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import { limitError } from "../../wording/limit-error.ts";
import { type CloseReason, closedError } from "../events/close-reason.ts";
import type { FlagPlace } from "../grants/flag-memory.ts";
import type { PluginThread, ThreadError } from "../platform/plugin-thread.ts";
import type { StartWatch } from "../platform/threads.ts";
import type { WorkerChoice } from "../platform/worker-choice.ts";
import type { HostAnswers } from "../recording/host-answers.ts";
import { Deadline } from "../time/deadline.ts";
import { startTimer } from "../time/timer.ts";
import { boundedRun, type RunBounds } from "./bounded-run.ts";
import { type CallPlace, CallWindow } from "./call-window.ts";
import { GuestRuns } from "./guest-runs.ts";
import { lostError, startError, unresponsiveError } from "./isolate-errors.ts";
import { LastOutput } from "./last-output.ts";
import { Lifeline } from "./lifeline.ts";
import { PendingRequests } from "./pending-requests.ts";
import { WorkerLink } from "./worker-link.ts";

/** The maximum length of what a worker says about its failure, which may be anything. */
const MAX_REASON_CHARS = 1000;

/**
 * With more isolates on the page, none rehearses: each that does has a memory until its garbage is
 * collected, and Chromium allows 124 a tab.
 */
const MAX_REHEARSING = 4;

/** How many isolates of the page are alive. */
let isolates = 0;

/** What happens in an isolate while it lives. */
export type IsolateEvent =
  /** The guest has written a chunk to stdout (1) or stderr (2). */
  | { readonly type: "output"; readonly fd: 1 | 2; readonly bytes: Uint8Array }
  /** The guest has written more there than `limits.outputBytes`; the rest is dropped. */
  | { readonly type: "truncated"; readonly fd: 1 | 2 }
  /** The guest has used so much more fuel. */
  | { readonly type: "fuel"; readonly units: number }
  /** The guest's linear memory has so many bytes now. */
  | { readonly type: "memory"; readonly bytes: number }
  /** The files have changed. Comes just before the reply that the changes came with. */
  | { readonly type: "changes"; readonly changes: FileChanges }
  /** The isolate is gone. Comes last, before anybody who waits for it hears of that. */
  | { readonly type: "closed" };

/** Hears of each event. @throws WasiError for changes that cannot be true, which terminates the isolate. */
export type IsolateListener = (event: IsolateEvent) => void;

/** What a guest may ask of the page. */
type ServedHostCalls = Pick<HostCallService, "functions" | "hasStdin" | "memory">;

export interface IsolateOptions extends WorkerChoice {
  readonly limits: Limits;
  /** The text of the module's source map, where the page has it. */
  readonly sourceMap: string | undefined;
  readonly listener: IsolateListener;
  /** Whether the worker posts what the guest writes. */
  hasOutput(): boolean;
}

/** Requests that load a plugin. `limits.requestsInFlight` does not count them. */
const LOADING: ReadonlySet<keyof WorkerApi> = new Set([
  "hold",
  "compile",
  "receive",
  "prepare",
  "start",
]);

export class Isolate implements CallPlace {
  readonly pluginName: string;
  /** Bounds the run of the guest: it runs one thing at a time. */
  readonly deadline: Deadline = new Deadline();
  /** Resolves when the worker is gone, with the reason. Never rejects. */
  readonly closed: Promise<CloseReason>;
  /** The calls of guest functions that it has been given. */
  readonly calls: CallWindow;
  readonly #options: IsolateOptions;
  readonly #worker: PluginThread;
  readonly #startWatch: StartWatch;
  readonly #link: WorkerLink;
  readonly #requests: PendingRequests;
  readonly #runs: GuestRuns = new GuestRuns();
  readonly #lastOutput: LastOutput = new LastOutput();
  readonly #lifeline: Lifeline = new Lifeline();
  #hostCalls: HostCallServer | undefined;
  #flagPlace: FlagPlace | undefined;
  #locate: LocateSource | undefined;
  #fuelUsed = 0;
  /** Whether it was asked for more than to hold its lock. */
  #isWanted = false;
  #reason: CloseReason | undefined;
  /** Why it is being stopped: see {@link stop}. */
  #stopReason: CloseReason | undefined;
  #resolveClosed: (reason: CloseReason) => void = () => {};

  /** @throws {PluginLoadError} when the browser forbids the worker at once. */
  constructor(options: IsolateOptions) {
    this.#options = options;
    this.pluginName = options.pluginName;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#startWatch = threads.watchStart(options);
    try {
      this.#worker = threads.start(options);
    } catch (cause) {
      this.#startWatch.stop();
      throw this.#startError(describeThrown(cause), cause);
    }
    this.#worker.addEventListener("error", (event) => this.#onError(event));
    this.#worker.addEventListener("messageerror", () => this.breach("a message it cannot read"));
    this.#link = new WorkerLink(this.#worker, options.limits, {
      onVerdict: (verdict) => this.#apply(verdict),
      onReplies: (replies) => this.#settle(replies),
      onBreach: (found) => void this.breach(found),
    });
    this.#requests = new PendingRequests({
      replyMs: options.limits.callMs,
      // A run of the guest has a time limit of its own, as loading has, and other requests wait for it.
      isReplyDue: () => this.#isPrepared && !this.isGuestRunning,
      onOverdue: () => {
        const error = unresponsiveError(options.pluginName, options.limits.callMs);
        this.terminate({ kind: "failed", error });
      },
      onChange: () => this.#worker.setAwaited?.(this.isGuestRunning || this.#requests.size > 0),
    });
    this.calls = new CallWindow(this);
    isolates += 1;
    const hold = (lock: string) => this.send("hold", lock);
    void this.#lifeline.watch(hold, () => this.#lose("its worker was terminated"));
  }

  /** Why this isolate is gone, or `undefined` while it lives. */
  get reason(): CloseReason | undefined {
    return this.#reason;
  }

  /** Whether the guest takes calls, as far as is known. */
  get isUp(): boolean {
    return this.#reason === undefined && this.#link.guard.phase === "started";
  }

  /** Whether the guest runs: it was started or called, and has not returned yet. */
  get isGuestRunning(): boolean {
    return this.#link.guard.isGuestRunning;
  }

  get lane(): CallLane {
    return this.#link.lane;
  }

  /** From now on small calls go by memory that the worker is given. Before any call. */
  shareCalls(memory: CallMemory): void {
    this.#link.shareCalls(memory);
  }

  get #isPrepared(): boolean {
    return this.#link.guard.phase === "prepared" || this.#link.guard.phase === "started";
  }

  /** Takes what interrupts the guest when the isolate is terminated. */
  interruptWith(flagPlace: FlagPlace): void {
    if (this.#reason === undefined) this.#flagPlace = flagPlace;
    else flagPlace.interrupt();
  }

  /** Answers the guest's host calls from now on. */
  serveHostCalls(answers: HostAnswers, served: ServedHostCalls): void {
    const answer = this.#runs.answerWith(answers);
    this.#hostCalls = new HostCallServer({
      ...served,
      post: (message, transfer) => this.#link.post(message, transfer),
      isClosed: () => this.isEnding,
      onIgnored: () => this.#lastOutput.onWaiting(),
      isRunning: (run) => this.#isRunning(run),
      answer: (request) => {
        this.#link.guard.countHostCall();
        return answer(request);
      },
      onBreach: (found) => void this.breach(found),
    });
  }

  /** Terminates the worker when it has not started in time. Returns a function that cancels that. */
  limitLoading(loadMs: number): () => void {
    return startTimer(loadMs, () => {
      const { pluginName } = this;
      const detail =
        this.#link.guard.phase === "spawned" ? "its worker has not answered" : undefined;
      const excess = { limit: "loadMs", value: loadMs, allowed: loadMs, detail } as const;
      const error = limitError(pluginName, excess);
      this.terminate({ kind: "failed", error });
    });
  }

  /**
   * Sends a request to the worker and waits for the reply.
   *
   * @throws {PluginError} what the worker raised; a {@link PluginClosedError} when it is gone, now or
   *   before it replies; a {@link PluginLimitError} when too many requests wait for replies.
   */
  send<Method extends keyof WorkerApi>(
    method: Method,
    ...args: Parameters<WorkerApi[Method]>
  ): Promise<Awaited<ReturnType<WorkerApi[Method]>>> {
    if (method !== "hold") this.#isWanted = true;
    const maxPending = LOADING.has(method) ? Infinity : this.#options.limits.requestsInFlight;
    return this.#request((remote) => remote[method](...args), maxPending);
  }

  async #request<T>(post: (remote: RemoteWorker) => Promise<T>, maxPending: number): Promise<T> {
    const { remote } = this.#link;
    if (this.#reason !== undefined || remote === undefined) {
      throw this.#closedError(this.#reason ?? { kind: "closed" });
    }
    if (this.#requests.size >= maxPending) throw this.#tooManyRequests();
    // The calls that were made before go first.
    this.#link.lane.flush();
    try {
      return await this.#requests.add(() => post(remote));
    } catch (error) {
      throw error instanceof ThrownOnWire ? this.#received(error.wire) : error;
    }
  }

  /** Gives traps the lines of the source. @param lines Of the module that runs here, if it has any. */
  setLines(lines: ModuleLines | undefined): void {
    this.#locate = lines && sourceLocator(lines, this.#options.sourceMap);
  }

  #received(error: WireError): PluginError {
    return fromWireError(error, this.pluginName, this.#locate);
  }

  /** Instantiates the module and runs `_initialize`. Once. @throws {PluginError} what the guest raised */
  start(): Promise<void> {
    return this.#runGuest(undefined, () => this.send("start"));
  }

  /** Runs a command to its end, within the same bounds as a call. Once. */
  run(timeoutMs: number, signal?: AbortSignal): Promise<CommandEnd> {
    const bounds = { run: "Run", timeoutMs, signal };
    return this.#runGuest(bounds, () => this.send("run", timeoutMs));
  }

  /** @param bounds Of the start there are none: all of the loading is bounded. */
  async #runGuest<T>(bounds: RunBounds | undefined, run: () => Promise<T>): Promise<T> {
    const guarded = async () => {
      try {
        return await run();
      } catch (error) {
        if (isFatal(error)) this.terminate({ kind: "failed", error });
        throw error;
      }
    };
    const number = this.#runs.beginOwn();
    try {
      const result = await (bounds === undefined ? guarded() : boundedRun(this, bounds, guarded));
      const error = this.#endOwnRun(number);
      if (error !== undefined) throw error;
      return result;
    } catch (error) {
      throw this.#endOwnRun(number, error);
    }
  }

  /** Ends the start or the command, unless it has ended. */
  #endOwnRun(number: number, error?: unknown): unknown {
    return this.#runs.isOwn(number) ? this.#runs.end(number, error) : error;
  }

  beginRun(): number {
    const isFirst = !this.isGuestRunning;
    this.#link.guard.sentCall();
    // While the guest runs, no reply to a request is due.
    if (isFirst) this.#requests.awaitNext();
    return this.#runs.begin();
  }

  endRun(run: number, { end, fuelUsed }: CallReply): unknown {
    if (fuelUsed > 0) this.#countFuel(fuelUsed);
    const thrown = "thrown" in end ? this.#received(end.thrown) : undefined;
    const error = this.#runs.end(run, thrown);
    if (isFatal(thrown)) this.terminate({ kind: "failed", error: thrown });
    return error;
  }

  cutOffRun(run: number, error: unknown): void {
    this.#runs.end(run, error);
  }

  /** Whether a run of the guest was asked for and is not over, as far as is known. */
  #isRunning(run: number): boolean {
    return this.#runs.isOwn(run) || this.calls.has(run);
  }

  /** Applies what the guard says of a message. Returns whether Comlink may see it. */
  #apply(verdict: Verdict): boolean {
    switch (verdict.kind) {
      case "breach":
        this.breach(verdict.found);
        return false;
      case "notice":
        this.#onNotice(verdict.notice);
        return false;
      case "hostCall":
        if (this.#hostCalls === undefined) this.breach("a host call of a guest that does not run");
        else this.#hostCalls.receive(verdict.call);
        return false;
      case "reply":
        if (!this.isGuestRunning) this.#lastOutput.onStopped();
        return verdict.changes === undefined || this.#applyChanges(verdict.changes);
      case "replies":
        if (verdict.changes === undefined || this.#applyChanges(verdict.changes)) {
          this.#link.lane.settle(verdict.replies);
        }
        return false;
    }
  }

  #settle(replies: readonly CallReply[]): void {
    this.calls.settle(replies);
    if (this.isGuestRunning) return;
    this.#lastOutput.onStopped();
    this.#requests.awaitNext();
  }

  #applyChanges(changes: FileChanges): boolean {
    try {
      this.#options.listener({ type: "changes", changes });
      return true;
    } catch (error) {
      if (!(error instanceof WasiError)) throw error;
      this.breach(`changes of its files that cannot be true (${error.code})`);
      return false;
    }
  }

  /**
   * Terminates the worker once the listener has heard what the guest has written. The guest is
   * interrupted first where it can be, and gets nothing more from the page. Never rejects.
   */
  async stop(reason: CloseReason): Promise<void> {
    if (this.#options.hasOutput() && this.isGuestRunning && !this.isEnding) {
      this.#stopReason = reason;
      this.#flagPlace?.interrupt();
      await this.#lastOutput.wait(this.#flagPlace !== undefined && !this.#runs.isWaiting);
    }
    this.terminate(reason);
  }

  /** Whether the worker is gone, or will be in a moment. */
  get isEnding(): boolean {
    return this.#reason !== undefined || this.#stopReason !== undefined;
  }

  /** Terminates the worker now. All that waits for it rejects. The first reason stays. */
  terminate(lastReason: CloseReason): void {
    if (this.#reason !== undefined) return;
    const reason = this.#stopReason ?? lastReason;
    this.#reason = reason;
    isolates -= 1;
    this.#lastOutput.onStopped();
    // The guest first: a browser may take seconds to terminate a busy worker.
    this.#flagPlace?.interrupt();
    this.#link.close();
    this.#worker.terminate();
    this.#lifeline.stop();
    this.#startWatch.stop();
    this.#options.listener({ type: "closed" });
    // A running timer would keep all of this in memory.
    this.deadline.stop();
    const error = this.#closedError(reason);
    this.#requests.close(error);
    this.calls.end(error, Math.max(this.#runs.lastBegun, this.lane.begun));
    this.#resolveClosed(reason);
  }

  /** The error of a request that comes after the end of the worker, or is cut off by it. */
  #closedError(reason: CloseReason): PluginError {
    // A plugin that never started has no calls: what waits is the loading itself.
    if (reason.kind === "failed" && this.#link.guard.phase !== "started") return reason.error;
    return closedError(this.pluginName, reason);
  }

  #onNotice(notice: Notice): void {
    const { listener } = this.#options;
    switch (notice.notice) {
      case "ready":
        this.#startWatch.stop();
        // Its module is still on its way, or it waits to be needed.
        if (!this.#isWanted && isolates <= MAX_REHEARSING) this.#worker.postMessage(REHEARSAL, []);
        break;
      case "output":
        for (const [fd, bytes] of partsOf(notice)) listener({ type: "output", fd, bytes });
        break;
      case "truncated":
        listener({ type: "truncated", fd: notice.fd });
        break;
      case "fuel":
        this.#countFuel(notice.used);
        break;
      case "memory":
        listener({ type: "memory", bytes: notice.memoryBytes });
        break;
    }
  }

  /** @param used Since the guest has started. */
  #countFuel(used: number): void {
    this.#options.listener({ type: "fuel", units: Math.max(0, used - this.#fuelUsed) });
    this.#fuelUsed = used;
  }

  #onError(event: ThreadError): void {
    event.preventDefault();
    const found = cutText(event.message || "", MAX_REASON_CHARS);
    if (this.#link.guard.phase !== "spawned") {
      this.#lose(`its worker failed (${found || "no reason given"})`);
      return;
    }
    this.terminate({ kind: "failed", error: this.#startError(found, event.error) });
  }

  /** Terminates a worker that sent what no worker of this library sends. Returns the error to throw. */
  breach(found: string): PluginError {
    return this.#lose(`its worker sent ${found}`);
  }

  #tooManyRequests(): PluginLimitError {
    const { pluginName } = this;
    const allowed = this.#options.limits.requestsInFlight;
    const value = this.#requests.size + 1;
    return limitError(pluginName, { limit: "requestsInFlight", value, allowed });
  }

  /** Terminates a worker, or what is left of it. Returns the error to throw. */
  #lose(found: string): PluginError {
    const error = lostError(this.pluginName, found);
    this.terminate({ kind: "failed", error });
    return error;
  }

  #startError(found: string, cause: unknown): PluginLoadError {
    return startError(this.pluginName, this.#startWatch.explain(found, cause), cause);
  }
}

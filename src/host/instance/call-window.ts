/** The calls that one worker has been given and has not replied to. The first of them runs, as far as is known. */

import { MAX_CALLS_IN_FLIGHT } from "../../protocol/lanes/call-batches.ts";
import type { CallLane, CallReply, GuestCall } from "../../protocol/lanes/call-lane.ts";
import { callOf, timeoutError } from "../../wording/guest-run.ts";
import type { CallWatch } from "../events/call-watch.ts";
import type { CloseReason } from "../events/close-reason.ts";
import type { Deadline } from "../time/deadline.ts";

/** Bytes of arguments that a worker is given ahead: they wait in its memory. */
const MAX_BYTES_IN_FLIGHT: number = 1024 * 1024;

/** A call from when it is made until it has settled. */
export interface PendingCall extends GuestCall {
  /** The function's name, for errors. */
  readonly name: string;
  readonly signal: AbortSignal | undefined;
  /** Tells those who listen to the plugin's events. */
  readonly watch: CallWatch | undefined;
  resolve(result: Uint8Array, isOwned: boolean): void;
  reject(reason: unknown): void;
}

/** Who gives a worker calls. */
export interface CallGiver {
  /** The worker has room for more. */
  onRoom(): void;
  /** The worker is gone, and its guest has not begun these. */
  takeBack(calls: readonly PendingCall[]): void;
}

/** What calls run in: an `Isolate`. */
export interface CallPlace {
  readonly pluginName: string;
  readonly deadline: Deadline;
  /** Carries the calls. */
  readonly lane: CallLane;
  /** Notes that the worker is given a call. Returns the number of its run. */
  beginRun(): number;
  /**
   * Ends a run that the worker has replied to. Terminates the worker after an error that leaves no
   * guest to call.
   *
   * @returns The error that the call rejects with, if there is one.
   */
  endRun(run: number, reply: CallReply): unknown;
  /** Ends a run that the worker was cut off in. */
  cutOffRun(run: number, error: unknown): void;
  /** Resolves when the guest is stopped and all that it wrote has been heard. Never rejects. */
  stop(reason: CloseReason): Promise<void>;
}

interface RunningCall {
  readonly call: PendingCall;
  readonly run: number;
}

export class CallWindow {
  readonly #place: CallPlace;
  #running: RunningCall[] = [];
  /** The place of the first in {@link #running}. */
  #first = 0;
  #bytes = 0;
  #giver: CallGiver | undefined;
  /** Stops to watch the first one's time and signal. */
  #unwatch: () => void = () => {};
  /** Whether the first has begun, as far as is known. */
  #hasBegun = false;
  /** The one that is being stopped, which is rejected with the error when that is done. */
  #stopped: (RunningCall & { readonly error: unknown }) | undefined;
  #isEnded = false;

  constructor(place: CallPlace) {
    this.#place = place;
  }

  get size(): number {
    return this.#running.length - this.#first;
  }

  /**
   * Whether the worker can be given a call now. One with a signal waits until it is the next to run: until
   * then it can be aborted, and the guest has not seen it.
   */
  hasRoomFor(call: PendingCall): boolean {
    const { size } = this;
    if (size === 0) return !this.#isEnded;
    if (call.signal !== undefined || this.#stopped !== undefined) return false;
    if (size >= MAX_CALLS_IN_FLIGHT) return false;
    if (this.#bytes + call.bufferBytes > MAX_BYTES_IN_FLIGHT) return false;
    return this.#place.lane.hasRoomFor(call, size);
  }

  /** Gives the worker a call that it has room for. */
  add(call: PendingCall, giver: CallGiver): void {
    this.#giver = giver;
    this.#bytes += call.bufferBytes;
    this.#running.push({ call, run: this.#place.beginRun() });
    const isNext = this.size === 1;
    if (isNext) this.#watchFirst();
    this.#place.lane.send(call, isNext);
  }

  /** Whether a run is one of these. */
  has(run: number): boolean {
    const first = this.#running[this.#first]?.run ?? Infinity;
    return run >= first && run < first + this.size;
  }

  /** Settles the first calls. */
  settle(replies: readonly CallReply[]): void {
    if (replies.length === 0) return;
    this.#unwatch();
    this.#unwatch = () => {};
    this.#hasBegun = false;
    for (const reply of replies) this.#settleFirst(reply);
    if (this.#isEnded) return;
    if (this.size > 0) this.#watchFirst();
    this.#giver?.onRoom();
  }

  #settleFirst(reply: CallReply): void {
    const first = this.#shift();
    // Its call was the last of a worker that is gone.
    if (first === undefined) return;
    const error = this.#place.endRun(first.run, reply);
    if (first.run === this.#stopped?.run) return;
    const { end } = reply;
    if (error !== undefined) first.call.reject(error);
    else if ("result" in end) first.call.resolve(end.result, end.isOwned);
  }

  /**
   * The worker is gone. Rejects the call that ran, and gives back those that the guest has not begun.
   *
   * @param lastRun The last run that the page knows to have begun.
   */
  end(error: unknown, lastRun: number): void {
    this.#isEnded = true;
    this.#unwatch();
    const left = this.#running.slice(this.#first);
    this.#running = [];
    this.#first = 0;
    const begun = left.findLastIndex(
      ({ run }, index) => run <= lastRun || (index === 0 && this.#hasBegun),
    );
    const rest = left.splice(begun + 1);
    for (const { run, call } of left) {
      const isStopped = run === this.#stopped?.run;
      this.#place.cutOffRun(run, isStopped ? this.#stopped?.error : error);
      if (!isStopped) call.reject(error);
    }
    if (rest.length > 0) this.#giver?.takeBack(rest.map(({ call }) => call));
    else this.#giver?.onRoom();
    this.#giver = undefined;
  }

  #shift(): RunningCall | undefined {
    const first = this.#running[this.#first];
    if (first === undefined) return undefined;
    this.#first += 1;
    this.#bytes -= first.call.bufferBytes;
    if (this.#first === this.#running.length) {
      this.#running = [];
      this.#first = 0;
    } else if (this.#first > MAX_CALLS_IN_FLIGHT) {
      this.#running = this.#running.slice(this.#first);
      this.#first = 0;
    }
    return first;
  }

  /** The first call is the one that runs. Stops the guest when its time is up, or its signal aborts. */
  #watchFirst(): void {
    const first = this.#running[this.#first] as RunningCall;
    this.#hasBegun = true;
    const { pluginName, deadline } = this.#place;
    const { call } = first;
    const { name, timeoutMs, signal, watch } = call;
    watch?.begun();
    const stop = (reason: CloseReason, error: unknown) => {
      // Its result may be there already, or that of one before it whose turn was taken for this one's.
      this.#place.lane.drain();
      if (this.#running[this.#first] !== first) return;
      this.#stopped = { ...first, error };
      void this.#place.stop(reason).then(() => call.reject(error));
    };
    const cancelDeadline = deadline.set(timeoutMs, () => {
      const error = timeoutError(callOf(name), pluginName, timeoutMs);
      stop({ kind: "failed", error }, error);
    });
    if (signal === undefined) {
      this.#unwatch = cancelDeadline;
      return;
    }
    const onAbort = () => {
      stop({ kind: "terminated", reason: signal.reason }, signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#unwatch = () => {
      cancelDeadline();
      signal.removeEventListener("abort", onAbort);
    };
  }
}

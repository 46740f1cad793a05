/** What goes between the page and one worker: requests, the lanes of calls, and the guard of all that comes back. */

import type { Limits } from "../../limits.ts";
import type { Channel } from "../../protocol/channel.ts";
import { connectWorker } from "../../protocol/comlink-requests.ts";
import type { CallLane, CallReply } from "../../protocol/lanes/call-lane.ts";
import type { CallMemory } from "../../protocol/lanes/call-memory.ts";
import { MessageLane } from "../../protocol/lanes/message-lane.ts";
import { SharedLane } from "../../protocol/lanes/shared-lane.ts";
import { PageGuard, type Verdict } from "../../protocol/page-guard.ts";
import type { RemoteWorker } from "../../protocol/worker-api.ts";
import type { PluginThread } from "../platform/plugin-thread.ts";

/** Who hears of what comes from the worker. */
export interface LinkListener {
  /** Takes what the guard says of a message. Returns whether Comlink may see it. */
  onVerdict(verdict: Verdict): boolean;
  /** Takes replies to calls, in the order of the calls. */
  onReplies(replies: readonly CallReply[]): void;
  /** Told what was found when something should not have come. */
  onBreach(found: string): void;
}

export class WorkerLink {
  readonly guard: PageGuard;
  readonly #worker: PluginThread;
  readonly #limits: Limits;
  readonly #listener: LinkListener;
  readonly #messages: MessageLane;
  #lane: CallLane;
  /** How many messages were posted to the worker. */
  #posted = 0;
  /** Dropped at the end: Comlink keeps an endpoint as long as there are proxies for it, and the endpoint keeps this. */
  #remote: RemoteWorker | undefined;

  constructor(worker: PluginThread, limits: Limits, listener: LinkListener) {
    this.#worker = worker;
    this.#limits = limits;
    this.#listener = listener;
    this.guard = new PageGuard(limits);
    const post = (message: unknown, transfer: Transferable[]) => this.post(message, transfer);
    this.#messages = new MessageLane(post, (replies) => listener.onReplies(replies));
    this.#lane = this.#messages;
    const channel: Channel = {
      postMessage: post,
      addEventListener: (type, listener) => worker.addEventListener(type, listener),
    };
    this.#remote = connectWorker(channel, {
      isClosed: () => this.#remote === undefined,
      sent: (message) => this.guard.sent(message),
      admits: (message) => this.#admits(message),
    });
  }

  /** Calls the worker's methods; `undefined` once the link is closed. */
  get remote(): RemoteWorker | undefined {
    return this.#remote;
  }

  /** Carries calls. */
  get lane(): CallLane {
    return this.#lane;
  }

  /** From now on small calls go by memory that the worker is given. Before any call. */
  shareCalls(memory: CallMemory): void {
    if (this.#remote === undefined) return;
    this.#lane = new SharedLane({
      memory,
      messages: this.#messages,
      limits: this.#limits,
      post: (message) => this.post(message, []),
      onShared: (count) => this.guard.gotReplies(count),
      onReplies: (replies) => this.#listener.onReplies(replies),
      onBreach: (found) => this.#listener.onBreach(found),
    });
  }

  /** Looks at nothing that comes any more. */
  close(): void {
    this.#remote = undefined;
    this.#lane.close();
  }

  /** Posts a message to the worker. */
  post(message: unknown, transfer: Transferable[]): void {
    this.#posted += 1;
    this.#lane.announce(this.#posted);
    this.#worker.postMessage(message, transfer);
  }

  #admits(message: unknown): boolean {
    // The calls whose replies are there are over: what the message tells of is not theirs.
    this.#lane.drain();
    if (this.#remote === undefined) return false;
    return this.#listener.onVerdict(this.guard.judge(message));
  }
}

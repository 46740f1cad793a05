/** The requests to one worker that have no reply yet. Every wait ends: with the reply, or with the worker. */

import type { PluginError } from "../../errors.ts";
import { Deadline } from "../time/deadline.ts";
import { inBatches } from "../time/in-batches.ts";

export interface PendingRequestsOptions {
  /** How long the worker may take for its next reply, in milliseconds, while {@link isReplyDue}. */
  readonly replyMs: number;
  /** Whether nothing keeps the worker from replying. */
  isReplyDue(): boolean;
  /** Called when the worker has not replied in time. */
  onOverdue(): void;
  /** Called when somebody begins to wait for the worker, and when nobody does any more. */
  onChange(): void;
}

export class PendingRequests {
  readonly #options: PendingRequestsOptions;
  /** Rejects each request. */
  readonly #rejects: Set<(error: PluginError) => void> = new Set();
  readonly #replyDeadline: Deadline = new Deadline();
  /** Whether the deadline is set. */
  #isAwaiting = false;
  #isClosed = false;

  constructor(options: PendingRequestsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#rejects.size;
  }

  /** Sends a request and waits for its reply. Rejects with what `send` rejects with, or as {@link close} says. */
  add<T>(send: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#rejects.add(reject);
      const onReply = () => {
        this.#rejects.delete(reject);
        this.awaitNext();
      };
      send().then(
        (value) => {
          onReply();
          resolve(value);
        },
        (error: unknown) => {
          onReply();
          reject(error);
        },
      );
      if (this.size === 1 || !this.#options.isReplyDue()) this.awaitNext();
    });
  }

  /** Rejects all requests, in batches; none may be added afterwards. */
  close(error: PluginError): void {
    this.#isClosed = true;
    // A running timer would keep all of this in memory.
    this.#replyDeadline.stop();
    const rejects = [...this.#rejects];
    this.#rejects.clear();
    void inBatches(rejects, (reject) => reject(error));
  }

  /** Gives the worker its time for the next reply, unless something keeps it from replying. To be called when that changes. */
  awaitNext(): void {
    if (this.#isClosed) return;
    this.#options.onChange();
    if (this.size === 0 && !this.#isAwaiting) return;
    const isWaiting = this.size > 0 && this.#options.isReplyDue();
    this.#isAwaiting = isWaiting;
    const replyMs = isWaiting ? this.#options.replyMs : Infinity;
    this.#replyDeadline.set(replyMs, () => this.#options.onOverdue());
  }
}

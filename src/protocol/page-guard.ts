/**
 * Checks every message of one worker against what was requested from it and what it is allowed.
 *
 * A worker is as hostile as its guest. A message that passes has a shape that the page expects at that
 * moment. After the first one that does not, the isolate terminates the worker.
 */

import type { FileChanges } from "../files/changes/file-changes.ts";
import type { Limits } from "../limits.ts";
import { readCallText } from "./host-call-text.ts";
import { isReplyBatch, type ReplyBatch, repliesOf } from "./lanes/call-batches.ts";
import type { CallReply } from "./lanes/call-lane.ts";
import {
  type HostCall,
  isHostCall,
  isNotice,
  isReply,
  isRequest,
  type Notice,
  type Reply,
} from "./messages.ts";
import { OutputAllowance } from "./output-pace.ts";
import { isReplyTo, runsGuest, type WorkerApi } from "./worker-api.ts";

/** The states of a worker, in order. */
export type WorkerPhase =
  /** Its script is not known to have run. */
  | "spawned"
  /** It accepts requests. */
  | "ready"
  /** It accepts file operations. */
  | "prepared"
  /** It accepts calls. */
  | "started";

/** What the page does with a message. */
export type Verdict =
  /** The reply to a request: passed to Comlink after the changes of files in it are applied. */
  | { readonly kind: "reply"; readonly changes: FileChanges | undefined }
  /** The replies to the oldest open calls, to be used after the changes of files in it are applied. */
  | {
      readonly kind: "replies";
      readonly replies: readonly CallReply[];
      readonly changes: FileChanges | undefined;
    }
  | { readonly kind: "notice"; readonly notice: Notice }
  /** A call of the guest, whose ticket and run are to be checked: see `host-calls.ts`. */
  | { readonly kind: "hostCall"; readonly call: HostCall }
  /** No worker of this library sends it, so the worker must be terminated. */
  | { readonly kind: "breach"; readonly found: string };

/** What the guest may do while it runs. */
interface Run {
  readonly output: OutputAllowance;
  readonly truncated: Set<1 | 2>;
  isFuelTold: boolean;
  isMemoryTold: boolean;
  hostCalls: number;
}

export class PageGuard {
  readonly #limits: Limits;
  readonly #nowMs: () => number;
  /** The requests without a reply. */
  readonly #pending: Map<string, keyof WorkerApi> = new Map();
  /** The number of calls without a reply. */
  #calls = 0;
  #phase: WorkerPhase = "spawned";
  #run: Run | undefined;

  constructor(limits: Limits, nowMs: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  get phase(): WorkerPhase {
    return this.#phase;
  }

  /** Whether a request that lets the guest run has no reply yet. */
  get isGuestRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Counts a host call of the run. Before each the worker may flush the guest's output. */
  countHostCall(): void {
    if (this.#run !== undefined) this.#run.hostCalls += 1;
  }

  /** Records a message to the worker. */
  sent(message: unknown): void {
    if (!isRequest(message)) return;
    const [method] = message.path;
    this.#pending.set(message.id, method);
    if (runsGuest(method)) this.#run = this.#newRun();
  }

  /** Records a call to the worker. */
  sentCall(): void {
    this.#calls += 1;
    if (this.#calls === 1) this.#run = this.#newRun();
  }

  /** Checks a message from the worker. Must not be called after a breach. */
  judge(message: unknown): Verdict {
    if (isReply(message)) return this.#judgeReply(message);
    if (isReplyBatch(message)) return this.#judgeReplies(message);
    const call = hostCallOf(message);
    if (call !== undefined) return { kind: "hostCall", call };
    const found = isNotice(message) ? this.#faultOf(message) : "a message of unknown shape";
    if (found !== undefined) return { kind: "breach", found };
    return { kind: "notice", notice: message as Notice };
  }

  #judgeReply({ id, name, value, changes }: Reply): Verdict {
    const method = this.#pending.get(id);
    if (method === undefined) return { kind: "breach", found: "a reply to no request" };
    const isError = name === "throw";
    if (!isError && !isReplyTo(method, value, this.#limits)) {
      return { kind: "breach", found: `a malformed reply to "${method}"` };
    }
    this.#pending.delete(id);
    if (runsGuest(method)) this.#run = undefined;
    if (!isError && method === "prepare") this.#phase = "prepared";
    if (!isError && method === "start") this.#phase = "started";
    return { kind: "reply", changes };
  }

  #judgeReplies(batch: ReplyBatch): Verdict {
    const replies = repliesOf(batch, this.#limits);
    if (replies === undefined) return { kind: "breach", found: "a malformed reply to a call" };
    if (replies.length > this.#calls) return { kind: "breach", found: "a reply to no call" };
    this.gotReplies(replies.length);
    return { kind: "replies", replies, changes: batch.changes };
  }

  /** Notes so many replies, of which there are no more than calls. */
  gotReplies(count: number): void {
    if (count === 0) return;
    this.#calls -= count;
    // The notices of a call come before its reply, and after the replies of earlier calls.
    this.#run = this.#calls > 0 ? this.#newRun() : undefined;
  }

  /** What is wrong with a notice, or `undefined`. */
  #faultOf(notice: Notice): string | undefined {
    if (notice.notice === "ready") {
      if (this.#phase !== "spawned") return 'a second "ready"';
      this.#phase = "ready";
      return undefined;
    }
    const run = this.#run;
    if (run === undefined) return "output of a guest that is not running";
    if (notice.notice === "fuel") {
      if (run.isFuelTold) return "its fuel twice in one run";
      run.isFuelTold = true;
      return undefined;
    }
    if (notice.notice === "memory") {
      if (run.isMemoryTold) return "its memory twice in one run";
      run.isMemoryTold = true;
      return undefined;
    }
    if (notice.notice === "truncated") {
      const { fd } = notice;
      if (run.truncated.has(fd)) return "the end of an output that has ended";
      run.truncated.add(fd);
      return undefined;
    }
    const isAdmitted = run.output.admit(notice, run.hostCalls, this.#nowMs());
    return isAdmitted ? undefined : "more output than allowed, or faster";
  }

  #newRun(): Run {
    return {
      output: new OutputAllowance(this.#limits.outputBytes, this.#nowMs()),
      truncated: new Set(),
      isFuelTold: false,
      isMemoryTold: false,
      hostCalls: 1,
    };
  }
}

function hostCallOf(message: unknown): HostCall | undefined {
  if (typeof message === "string") return readCallText(message);
  return isHostCall(message) ? message : undefined;
}

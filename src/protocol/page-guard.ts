/**
 * Holds every message of one worker against what the worker was asked, and was allowed.
 *
 * A worker is as hostile as its guest: whatever this lets pass has the shape that the page expects
 * just then, and the first message that has not is the last.
 */

import type { FileChanges } from "../files/changes/file-changes.ts";
import { WasiError } from "../files/wasi-error.ts";
import type { Limits } from "../limits.ts";
import type { Guard } from "./comlink-endpoint.ts";
import { isNotice, isReply, isRequest, type Notice, type Reply } from "./messages.ts";
import { OutputAllowance } from "./output-pace.ts";
import { isAnswer, runsGuest, type WorkerApi } from "./worker-api.ts";

export interface PageGuardOptions {
  readonly limits: Limits;
  nowMs(): number;
  /** Takes what has changed in the files, before the answer that it came with. @throws WasiError when it can't be true */
  onChanges(changes: FileChanges): void;
  /** Takes what the worker tells of its own accord. */
  onNotice(notice: Notice): void;
  /** Called once, with what was found, when a message should not have come. None gets through after it. */
  onBreach(found: string): void;
}

/** What the guest may do while it runs. */
interface Run {
  readonly output: OutputAllowance;
  readonly truncated: Set<1 | 2>;
  isFuelTold: boolean;
  hostCalls: number;
}

export class PageGuard implements Guard {
  readonly #options: PageGuardOptions;
  /** The requests that have no answer yet. */
  readonly #asked: Map<string, keyof WorkerApi> = new Map();
  #run: Run | undefined;
  #isReady = false;
  #isClosed = false;

  constructor(options: PageGuardOptions) {
    this.#options = options;
  }

  /** Whether a request that lets the guest run has no answer yet. */
  get isGuestRunning(): boolean {
    return this.#run !== undefined;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Lets nothing through from now on: browsers may deliver what a terminated worker sent before. */
  close(): void {
    this.#isClosed = true;
  }

  /** Counts a host call of the run, before which the worker may send what the guest had written. */
  countHostCall(): void {
    if (this.#run !== undefined) this.#run.hostCalls += 1;
  }

  sent(message: unknown): void {
    if (!isRequest(message)) return;
    const [method] = message.path;
    this.#asked.set(message.id, method);
    if (runsGuest(method)) this.#run = this.#newRun();
  }

  admits(data: unknown): boolean {
    if (this.#isClosed) return false;
    const isAnswer = isReply(data);
    const found = isAnswer ? this.#faultOfReply(data) : this.#faultOfNotice(data);
    if (found === undefined) return isAnswer;
    this.close();
    this.#options.onBreach(found);
    return false;
  }

  #faultOfReply(reply: Reply): string | undefined {
    const method = this.#asked.get(reply.id);
    if (method === undefined) return "an answer to nothing that was asked";
    if (reply.name !== "throw" && !isAnswer(method, reply.value, this.#options.limits)) {
      return `an answer that "${method}" cannot have`;
    }
    this.#asked.delete(reply.id);
    if (runsGuest(method)) this.#run = undefined;
    return reply.changes === undefined ? undefined : this.#faultOfChanges(reply.changes);
  }

  #faultOfChanges(changes: FileChanges): string | undefined {
    try {
      this.#options.onChanges(changes);
      return undefined;
    } catch (error) {
      if (!(error instanceof WasiError)) throw error;
      return `changes of its files that cannot be true (${error.code})`;
    }
  }

  #faultOfNotice(data: unknown): string | undefined {
    if (!isNotice(data)) return "a message of unknown shape";
    const fault = this.#faultOf(data);
    if (fault === undefined) this.#options.onNotice(data);
    return fault;
  }

  #faultOf(notice: Notice): string | undefined {
    if (notice.notice === "ready") {
      if (this.#isReady) return 'a second "ready"';
      this.#isReady = true;
      return undefined;
    }
    const run = this.#run;
    if (run === undefined) return "output of a guest that does not run";
    if (notice.notice === "fuel") {
      if (run.isFuelTold) return "fuel that it has told of";
      run.isFuelTold = true;
      return undefined;
    }
    if (notice.notice === "truncated") {
      const { fd } = notice;
      if (run.truncated.has(fd)) return "the end of an output that has ended";
      run.truncated.add(fd);
      return undefined;
    }
    const isAdmitted = run.output.admit(notice, run.hostCalls, this.#options.nowMs());
    return isAdmitted ? undefined : "more output than it may, or faster";
  }

  #newRun(): Run {
    return {
      output: new OutputAllowance(this.#options.limits.outputBytes, this.#options.nowMs()),
      truncated: new Set(),
      isFuelTold: false,
      hostCalls: 1,
    };
  }
}

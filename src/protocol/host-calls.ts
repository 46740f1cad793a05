/**
 * Calls from guest to page: the guest is suspended until the page has answered.
 *
 * The answer comes in one of two ways: as a message, for an instance that the engine can suspend (JSPI),
 * or in shared memory, for a worker that may block its thread.
 *
 * One call of each kind may be open at a time, since a guest may stop waiting for input and call a
 * function. Each call carries the ticket from the answer before it, so that a hostile worker cannot
 * flood the page's queue with calls.
 */

import { postedBytes } from "./bytes-transfer.ts";
import type { HostCallMemory } from "./host-call-memory.ts";
import {
  endLook,
  type HostCallSlot,
  isLookOver,
  leaveCall,
  startLooking,
  stopLooking,
} from "./host-call-slot.ts";
import { answerText, callText, MAX_TEXT_BYTES } from "./host-call-text.ts";
import { Lookout, lookFor } from "./look.ts";
import type { HostAnswer, HostCall, HostRequest, PostedAnswer } from "./messages.ts";
import { isAnswered, leaveAnswer, waitForAnswer } from "./shared-answers.ts";

type Kind = HostRequest["kind"];

/** The ticket of the first call of each kind. */
const FIRST_TICKET = 0;

/** The tickets of the next call of each kind. */
type Tickets<Ticket = number> = Record<Kind, Ticket>;

const firstTickets = (): Tickets => ({ function: FIRST_TICKET, stdin: FIRST_TICKET });

/** Posts a message to the other thread. */
type Post<Message> = (message: Message, transfer: Transferable[]) => void;

/** In place of input that has not arrived yet. */
export const PENDING = "pending";

/** Makes host calls, from inside the worker. */
export interface HostCaller {
  /** Calls host function number `index` in the guest's run number `run`. The caller gives the arguments up. */
  callFunction(run: number, index: number, args: Uint8Array): HostAnswer | Promise<HostAnswer>;
  /**
   * Requests the next bytes of standard input, or continues to wait for those already requested.
   *
   * @param waitMs How long it may block the thread. Input that arrives later is kept for the next read.
   */
  readStdin(waitMs: number): HostAnswer | typeof PENDING | Promise<HostAnswer>;
  /** Whether requested input has not arrived yet. */
  readonly isReading: boolean;
  /** Takes an answer that has come as a message. */
  takeAnswer?(answer: PostedAnswer): void;
  /** To be called when a run ends, and before another message is posted, which the page then receives. */
  endLook?(): void;
}

/** Posts calls and receives answers as messages; the guest is suspended meanwhile. */
export class SuspendingCaller implements HostCaller {
  readonly #post: Post<HostCall | string>;
  readonly #tickets: Tickets = firstTickets();
  readonly #pending: Map<Kind, (answer: HostAnswer) => void> = new Map();

  constructor(post: Post<HostCall | string>) {
    this.#post = post;
  }

  get isReading(): boolean {
    return this.#pending.has("stdin");
  }

  callFunction(run: number, index: number, args: Uint8Array): Promise<HostAnswer> {
    return this.#call({ kind: "function", run, index, args });
  }

  readStdin(): Promise<HostAnswer> {
    return this.#call({ kind: "stdin" });
  }

  takeAnswer({ kind, ticket, result }: PostedAnswer): void {
    this.#tickets[kind] = ticket;
    const resolve = this.#pending.get(kind);
    this.#pending.delete(kind);
    resolve?.(result);
  }

  #call(request: HostRequest): Promise<HostAnswer> {
    const { kind } = request;
    return new Promise((resolve) => {
      this.#pending.set(kind, resolve);
      postCall(this.#post, request, this.#tickets[kind]);
    });
  }
}

/** How long each thread looks for the other before it waits: as long as it takes to be woken. */
const LOOK_MS = 0.06;

/**
 * Waits for answers in shared memory; the worker's thread is blocked meanwhile. Calls are posted, but
 * while the page looks for one they go by memory too.
 */
export class WaitingCaller implements HostCaller {
  readonly #postMessage: Post<HostCall | string>;
  readonly #memory: HostCallMemory;
  readonly #nowMs: () => number;
  readonly #tickets: Tickets = firstTickets();
  #isReading = false;

  constructor(post: Post<HostCall | string>, memory: HostCallMemory, nowMs: () => number) {
    this.#postMessage = post;
    this.#memory = memory;
    this.#nowMs = nowMs;
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  callFunction(run: number, index: number, args: Uint8Array): HostAnswer {
    const call = { kind: "function", run, index, args } as const;
    const answer = this.#memory.answers.function;
    // A page that has looked for a call has an answer soon.
    if (leaveCall(this.#memory.slot, call)) lookFor(() => isAnswered(answer), LOOK_MS, this.#nowMs);
    else this.#post(call);
    // A wait without a limit ends with an answer.
    return this.#wait("function", Infinity) as HostAnswer;
  }

  readStdin(waitMs: number): HostAnswer | typeof PENDING {
    if (!this.#isReading) this.#post({ kind: "stdin" });
    const answer = this.#wait("stdin", waitMs);
    this.#isReading = answer === PENDING;
    return answer;
  }

  endLook(): void {
    endLook(this.#memory.slot);
  }

  #post(request: HostRequest): void {
    postCall(this.#postMessage, request, this.#tickets[request.kind]);
  }

  #wait(kind: Kind, waitMs: number): HostAnswer | typeof PENDING {
    const answer = waitForAnswer(this.#memory.answers[kind], waitMs, this.#nowMs);
    if (answer === undefined) return PENDING;
    this.#tickets[kind] = answer.ticket;
    return answer.result;
  }
}

function postCall(post: Post<HostCall | string>, request: HostRequest, ticket: number): void {
  const call: HostCall = { ...request, ticket };
  if (call.kind === "stdin") post(call, []);
  else if (call.args.length <= MAX_TEXT_BYTES) post(callText(call), []);
  else {
    const { bytes, transfer } = postedBytes(call.args);
    post({ ...call, args: bytes }, transfer);
  }
}

/** How a page serves host calls. */
export interface HostCallService {
  /** The number of host functions. */
  readonly functions: number;
  /** Whether standard input is read from the page. */
  readonly hasStdin: boolean;
  /** Posts an answer. */
  readonly post: Post<PostedAnswer | string>;
  /** Whether the worker is being terminated. Browsers may still deliver what it sent before. */
  isClosed(): boolean;
  /** Called for each call that arrives then. It is not answered. */
  onIgnored(): void;
  /** Whether a run of the guest was requested and is not known to be over. */
  isRunning(run: number): boolean;
  /** Answers one call. Must not reject. The callee gives the result's bytes up. */
  answer(request: HostRequest): Promise<HostAnswer>;
  /** Called with the reason when a call breaks the protocol. */
  onBreach(found: string): void;
  readonly memory: HostCallMemory | undefined;
}

/** How long the page answers calls one after the other before it lets other tasks run. */
const TURN_MS = 2;

/** Serves a worker's host calls, on the page. */
export class HostCallServer {
  readonly #service: HostCallService;
  /** The tickets that the next call of each kind must carry; none while one is open. */
  readonly #tickets: Tickets<number | undefined> = firstTickets();
  readonly #newTickets: NewTickets = new NewTickets();
  readonly #lookout: Lookout = new Lookout(LOOK_MS, () => performance.now());
  /** Until when it looks for another call after an answer. */
  #turnEndMs = 0;

  constructor(service: HostCallService) {
    this.#service = service;
  }

  /** Takes a call that has arrived as a message. */
  receive(call: HostCall): void {
    if (this.#service.isClosed()) return this.#service.onIgnored();
    if (call.kind === "function" && !this.#isServed(call)) return;
    if (call.kind === "stdin" && !this.#service.hasStdin) {
      return this.#service.onBreach("a call of no host function");
    }
    if (call.ticket !== this.#tickets[call.kind]) {
      return this.#service.onBreach("a host call before the last one was answered");
    }
    if (call.kind === "function") this.#turnEndMs = performance.now() + TURN_MS;
    this.#answer(call);
  }

  /** Whether a call can be answered. A breach where not. */
  #isServed({ index, run }: Extract<HostRequest, { kind: "function" }>): boolean {
    if (index >= this.#service.functions) {
      this.#service.onBreach("a call of no host function");
      return false;
    }
    // A guest that did not wait for its input may end before its request arrives: that may come later.
    if (this.#service.isRunning(run)) return true;
    this.#service.onBreach("a host call of a guest that does not run");
    return false;
  }

  #answer(request: HostRequest): void {
    this.#tickets[request.kind] = undefined;
    void this.#service.answer(request).then((result) => this.#leave(request, result));
  }

  #leave(request: HostRequest, result: HostAnswer): void {
    const { kind } = request;
    const { memory, post } = this.#service;
    // Posting would transfer the bytes, which the next instance waits for too.
    if (this.#service.isClosed()) return;
    const ticket = this.#newTickets.next();
    this.#tickets[kind] = ticket;
    if (memory !== undefined) {
      const looks = kind === "function" && this.#mayLook();
      // First: the worker may go on as soon as it is answered, and ends the look with the run.
      if (looks) startLooking(memory.slot);
      leaveAnswer(memory.answers[kind], { ticket, result });
      if (looks) this.#lookForNext(memory.slot, request.run);
    } else if (kind === "function" && result !== undefined && result.length <= MAX_TEXT_BYTES) {
      post(answerText(ticket, result), []);
    } else {
      const { bytes, transfer } = result === undefined ? NO_BYTES : postedBytes(result);
      post({ kind, ticket, result: bytes }, transfer);
    }
  }

  /** Whether to look for the next call: not where other tasks have waited long enough, or it has not helped. */
  #mayLook(): boolean {
    return performance.now() < this.#turnEndMs && !this.#lookout.skips();
  }

  /** Looks for the next call of a run for some microseconds. */
  #lookForNext(slot: HostCallSlot, run: number): void {
    this.#lookout.look(() => isLookOver(slot));
    const found = stopLooking(slot);
    if (found === "malformed") this.#service.onBreach("a malformed host call");
    if (found === undefined || found === "malformed") return;
    const call = { kind: "function", run, ...found } as const;
    if (this.#isServed(call)) this.#answer(call);
  }
}

const NO_BYTES = { bytes: undefined, transfer: [] };

/** Numbers that a worker cannot guess. A browser takes microseconds for one, and hardly more for many. */
class NewTickets {
  readonly #numbers: Int32Array<ArrayBuffer> = new Int32Array(256);
  #left = 0;

  next(): number {
    if (this.#left === 0) {
      crypto.getRandomValues(this.#numbers);
      this.#left = this.#numbers.length;
    }
    this.#left -= 1;
    return this.#numbers[this.#left] as number;
  }
}

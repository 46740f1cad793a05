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
import { portChannel } from "./channel.ts";
import { type HostAnswer, type HostCall, type HostRequest, isHostCall } from "./messages.ts";
import { type AnswersByKind, expectAnswer, leaveAnswer, waitForAnswer } from "./shared-answers.ts";

type Kind = HostRequest["kind"];

/** The ticket of the first call of each kind. */
const FIRST_TICKET = 0;

/** The tickets of the next call of each kind. */
type Tickets<Ticket = number> = Record<Kind, Ticket>;

const firstTickets = (): Tickets => ({ function: FIRST_TICKET, stdin: FIRST_TICKET });

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
}

interface PostedAnswer {
  readonly kind: Kind;
  /** The ticket for the next call of this kind. */
  readonly ticket: number;
  readonly result: HostAnswer;
}

/** Posts calls and receives answers as messages; the guest is suspended meanwhile. */
export class SuspendingCaller implements HostCaller {
  readonly #port: MessagePort;
  readonly #tickets: Tickets = firstTickets();
  readonly #pending: Map<Kind, (answer: HostAnswer) => void> = new Map();

  constructor(port: MessagePort) {
    this.#port = port;
    portChannel(port).addEventListener("message", (event) => {
      const { kind, ticket, result } = event.data as PostedAnswer;
      this.#tickets[kind] = ticket;
      const resolve = this.#pending.get(kind);
      this.#pending.delete(kind);
      resolve?.(result);
    });
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

  #call(request: HostRequest): Promise<HostAnswer> {
    const { kind } = request;
    return new Promise((resolve) => {
      this.#pending.set(kind, resolve);
      postCall(this.#port, { ...request, ticket: this.#tickets[kind] });
    });
  }
}

/** Posts calls and waits for the answer in shared memory; the worker's thread is blocked meanwhile. */
export class WaitingCaller implements HostCaller {
  readonly #port: MessagePort;
  readonly #answers: AnswersByKind;
  readonly #nowMs: () => number;
  readonly #tickets: Tickets = firstTickets();
  #isReading = false;

  constructor(port: MessagePort, answers: AnswersByKind, nowMs: () => number) {
    this.#port = port;
    this.#answers = answers;
    this.#nowMs = nowMs;
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  callFunction(run: number, index: number, args: Uint8Array): HostAnswer {
    this.#post({ kind: "function", run, index, args });
    // A wait without a limit ends with an answer.
    return this.#wait("function", Infinity) as HostAnswer;
  }

  readStdin(waitMs: number): HostAnswer | typeof PENDING {
    if (!this.#isReading) this.#post({ kind: "stdin" });
    const answer = this.#wait("stdin", waitMs);
    this.#isReading = answer === PENDING;
    return answer;
  }

  #post(request: HostRequest): void {
    const { kind } = request;
    expectAnswer(this.#answers[kind]);
    postCall(this.#port, { ...request, ticket: this.#tickets[kind] });
  }

  #wait(kind: Kind, waitMs: number): HostAnswer | typeof PENDING {
    const answer = waitForAnswer(this.#answers[kind], waitMs, this.#nowMs);
    if (answer === undefined) return PENDING;
    this.#tickets[kind] = answer.ticket;
    return answer.result;
  }
}

function postCall(port: MessagePort, call: HostCall): void {
  if (call.kind === "stdin") {
    port.postMessage(call);
    return;
  }
  const { bytes, transfer } = postedBytes(call.args);
  port.postMessage({ ...call, args: bytes }, transfer);
}

/** How a page serves host calls. */
export interface HostCallService {
  /** The number of host functions. */
  readonly functions: number;
  /** Whether standard input is read from the page. */
  readonly hasStdin: boolean;
  /** Whether the worker is being terminated. Browsers may still deliver what it sent before. */
  isClosed(): boolean;
  /** Called for each call that arrives then. It is not answered. */
  onIgnored(): void;
  /** Whether a run of the guest was requested and is not known to be over. */
  isRunning(run: number): boolean;
  /** Answers one call. Must not reject. The callee gives the result's bytes up. */
  answer(request: HostRequest): Promise<HostAnswer>;
  /** Called with the reason when a message breaks the protocol. */
  onBreach(found: string): void;
  readonly sharedAnswers: AnswersByKind | undefined;
}

/** Serves a worker's host calls until it is terminated. */
export function serveHostCalls(port: MessagePort, service: HostCallService): void {
  const { functions, hasStdin, sharedAnswers } = service;
  const isServed = (call: HostCall) => (call.kind === "stdin" ? hasStdin : call.index < functions);
  /** The tickets that the next call of each kind must carry; none while one is open. */
  const tickets: Tickets<number | undefined> = firstTickets();
  port.addEventListener("message", (event: MessageEvent<unknown>) => {
    // Before `data`: a browser deserializes a message only when it is read.
    if (service.isClosed()) {
      service.onIgnored();
      return;
    }
    const { data } = event;
    if (!isHostCall(data) || !isServed(data)) {
      service.onBreach("a message that is no host call");
      return;
    }
    const { kind } = data;
    // A guest that did not wait for its input may end before its request arrives.
    if (data.kind === "function" && !service.isRunning(data.run)) {
      service.onBreach("a host call of a guest that does not run");
      return;
    }
    if (data.ticket !== tickets[kind]) {
      service.onBreach("a host call before the last one was answered");
      return;
    }
    tickets[kind] = undefined;
    void service.answer(data).then((result) => {
      // Posting would transfer the bytes, which the next instance waits for too.
      if (service.isClosed()) return;
      const ticket = newTicket();
      tickets[kind] = ticket;
      if (sharedAnswers !== undefined) leaveAnswer(sharedAnswers[kind], { ticket, result });
      else postAnswer(port, { kind, ticket, result });
    });
  });
  port.addEventListener("messageerror", () => service.onBreach("a message it cannot read"));
  port.start();
  // In Node an open port would keep the process from ending; a guest that calls is waited for anyway.
  (port as { unref?(): void }).unref?.();
}

function postAnswer(port: MessagePort, answer: PostedAnswer): void {
  const { bytes, transfer } = answer.result === undefined ? NO_BYTES : postedBytes(answer.result);
  port.postMessage({ ...answer, result: bytes } satisfies PostedAnswer, transfer);
}

const NO_BYTES = { bytes: undefined, transfer: [] };

/** A number that a worker cannot guess. */
function newTicket(): number {
  return crypto.getRandomValues(new Int32Array(1))[0] as number;
}

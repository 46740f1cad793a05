/**
 * The call channel from guest to page: a guest asks the page for something and is suspended until the
 * page has answered.
 *
 * Two ways: a promise, for an instance that the engine can suspend (JSPI), and shared memory, for
 * a worker that may block its thread. Both post the call; only the way back differs.
 *
 * Of each kind there is one call at a time, since a guest may stop waiting for input and call a
 * function. Each call shows the ticket that the answer before it brought, so that a hostile worker
 * cannot fill the page's queue with calls.
 */

import { postedBytes } from "./bytes-transfer.ts";
import { portChannel } from "./channel.ts";
import { type HostAnswer, type HostCall, type HostRequest, isHostCall } from "./messages.ts";
import { type AnswersByKind, expectAnswer, leaveAnswer, waitForAnswer } from "./shared-answers.ts";

type Kind = HostRequest["kind"];

/** The ticket that the first call of each kind shows. */
const FIRST_TICKET = 0;

/** The ticket that the next call of each kind shows. */
type Tickets<Ticket = number> = Record<Kind, Ticket>;

const firstTickets = (): Tickets => ({ function: FIRST_TICKET, stdin: FIRST_TICKET });

/** In place of input that has not come yet. */
export const PENDING = "pending";

/** Makes host calls, from inside the worker. */
export interface HostCaller {
  /** Calls host function number `index` in the guest's run number `run`. The arguments are given up. */
  callFunction(run: number, index: number, args: Uint8Array): HostAnswer | Promise<HostAnswer>;
  /**
   * Asks for the next bytes of standard input, or waits on for those that it has asked for.
   *
   * @param waitMs How long it may block the thread, if it does. The input that comes later is kept
   *   for the next read.
   */
  readStdin(waitMs: number): HostAnswer | typeof PENDING | Promise<HostAnswer>;
  /** Whether the page was asked for input that has not come yet. */
  readonly isReading: boolean;
}

interface PostedAnswer {
  readonly kind: Kind;
  /** For the next call of this kind. */
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
  readonly #tickets: Tickets = firstTickets();
  #isReading = false;

  constructor(port: MessagePort, answers: AnswersByKind) {
    this.#port = port;
    this.#answers = answers;
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  callFunction(run: number, index: number, args: Uint8Array): HostAnswer {
    this.#post({ kind: "function", run, index, args });
    // Without a limit to the wait there is an answer at its end.
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
    const answer = waitForAnswer(this.#answers[kind], waitMs);
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
  /** How many host functions there are. */
  readonly functions: number;
  /** Whether standard input is read from the page. */
  readonly hasStdin: boolean;
  /** Whether the worker is gone or about to be: browsers may deliver what it sent before. */
  isClosed(): boolean;
  /** Called in place of an answer to what comes then. */
  onIgnored(): void;
  /** Whether a run of the guest was asked for and is not over, as far as is known. */
  isRunning(run: number): boolean;
  /** Answers one call; must not reject. The result's bytes are given up. */
  answer(request: HostRequest): Promise<HostAnswer>;
  /** Called with what was found when a message should not have come. */
  onBreach(found: string): void;
  readonly sharedAnswers: AnswersByKind | undefined;
}

/** Serves a worker's host calls until it is gone. */
export function serveHostCalls(port: MessagePort, service: HostCallService): void {
  const { functions, hasStdin, sharedAnswers } = service;
  const isServed = (call: HostCall) => (call.kind === "stdin" ? hasStdin : call.index < functions);
  /** What the next call of each kind has to show; nothing while one is under way. */
  const tickets: Tickets<number | undefined> = firstTickets();
  port.addEventListener("message", (event: MessageEvent<unknown>) => {
    // Before `data`, which a browser only makes of what was posted when somebody looks at it.
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
    // A guest that runs on without its input may end before the page hears that it wanted some.
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
      // To post it would take the bytes from the next instance, which has waited for the same input.
      if (service.isClosed()) return;
      const ticket = newTicket();
      tickets[kind] = ticket;
      if (sharedAnswers !== undefined) leaveAnswer(sharedAnswers[kind], { ticket, result });
      else postAnswer(port, { kind, ticket, result });
    });
  });
  port.addEventListener("messageerror", () => service.onBreach("a message it cannot read"));
  port.start();
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

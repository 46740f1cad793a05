/**
 * The call channel from guest to page: a guest calls a host function and stands still until the
 * page has answered.
 *
 * Two ways: a promise, for an instance that the engine can suspend (JSPI), and shared memory, for
 * a worker that may block its thread. Both post the call; only the way back differs.
 *
 * There are two lines, one for host functions and one for standard input, which a guest may stop
 * waiting for. On a line there is one call at a time: each shows the ticket that the answer before it
 * brought, so that a hostile worker cannot fill the page's queue with calls.
 */

import { postedBytes } from "./bytes-transfer.ts";
import { portChannel } from "./channel.ts";
import { type HostAnswer, type HostCall, isHostCall } from "./messages.ts";
import { expectAnswer, leaveAnswer, type SharedAnswers, waitForAnswer } from "./shared-answers.ts";

const FUNCTIONS = 0;
const STDIN = 1;

type Line = typeof FUNCTIONS | typeof STDIN;

/** The ticket that the first call on each line shows. */
const FIRST_TICKET = 0;

/** Makes host calls, from inside the worker. */
export interface HostCaller {
  /** Calls host function number `index`. The arguments are given up. */
  call(index: number, args: Uint8Array): HostAnswer | Promise<HostAnswer>;
}

interface PostedAnswer {
  readonly line: Line;
  /** For the next call on the line. */
  readonly ticket: number;
  readonly result: HostAnswer;
}

/** Carries calls out and answers back in; the guest is suspended meanwhile. */
export class SuspendingCaller implements HostCaller {
  readonly #port: MessagePort;
  readonly #functions: number;
  readonly #tickets: Record<Line, number> = { [FUNCTIONS]: FIRST_TICKET, [STDIN]: FIRST_TICKET };
  readonly #pending: Map<Line, (answer: HostAnswer) => void> = new Map();

  /** @param functions How many host functions there are. */
  constructor(port: MessagePort, functions: number) {
    this.#port = port;
    this.#functions = functions;
    portChannel(port).addEventListener("message", (event) => {
      const { line, ticket, result } = event.data as PostedAnswer;
      this.#tickets[line] = ticket;
      this.#pending.get(line)?.(result);
    });
  }

  call(index: number, args: Uint8Array): Promise<HostAnswer> {
    const line = lineOf(index, this.#functions);
    return new Promise((resolve) => {
      this.#pending.set(line, resolve);
      postCall(this.#port, { ticket: this.#tickets[line], index, args });
    });
  }
}

/** Carries calls out and waits for the answer in shared memory; the worker's thread is blocked meanwhile. */
export class WaitingCaller implements HostCaller {
  readonly #port: MessagePort;
  readonly #functions: number;
  readonly #answers: SharedAnswers;
  readonly #tickets: Record<Line, number> = { [FUNCTIONS]: FIRST_TICKET, [STDIN]: FIRST_TICKET };

  /** @param functions How many host functions there are. */
  constructor(port: MessagePort, functions: number, answers: SharedAnswers) {
    this.#port = port;
    this.#functions = functions;
    this.#answers = answers;
  }

  call(index: number, args: Uint8Array): HostAnswer {
    const line = lineOf(index, this.#functions);
    expectAnswer(this.#answers);
    postCall(this.#port, { ticket: this.#tickets[line], index, args });
    const { ticket, result } = waitForAnswer(this.#answers);
    this.#tickets[line] = ticket;
    return result;
  }
}

function lineOf(index: number, functions: number): Line {
  return index < functions ? FUNCTIONS : STDIN;
}

function postCall(port: MessagePort, call: HostCall): void {
  const { bytes, transfer } = postedBytes(call.args);
  port.postMessage({ ...call, args: bytes }, transfer);
}

/** How a page serves host calls. */
export interface HostCallService {
  /** How many host functions there are; their numbers are below it. */
  readonly functions: number;
  /** Whether the number after the last function reads from standard input. */
  readonly hasStdin: boolean;
  /** Whether the worker is gone: browsers may deliver what it sent before. */
  isClosed(): boolean;
  /** Whether the page has asked something of the guest that it has not answered yet. */
  isGuestRunning(): boolean;
  /** Answers one call; must not reject. The result's bytes are given up. */
  answer(call: HostCall): Promise<HostAnswer>;
  /** Called with what was found when a message should not have come. */
  onBreach(found: string): void;
  readonly sharedAnswers: SharedAnswers | undefined;
}

/** Serves a worker's host calls until it is gone. */
export function serveHostCalls(port: MessagePort, service: HostCallService): void {
  const { functions, hasStdin, sharedAnswers } = service;
  const size = functions + (hasStdin ? 1 : 0);
  /** What the next call on each line has to show; nothing while one is under way. */
  const tickets: Record<Line, number | undefined> = {
    [FUNCTIONS]: FIRST_TICKET,
    [STDIN]: FIRST_TICKET,
  };
  port.addEventListener("message", (event: MessageEvent<unknown>) => {
    // Before `data`, which a browser only makes of what was posted when somebody looks at it.
    if (service.isClosed()) return;
    const { data } = event;
    if (!isHostCall(data) || data.index >= size) {
      service.onBreach("a message that is no host call");
      return;
    }
    const line = lineOf(data.index, functions);
    // A guest that runs on without its input may end before the page hears that it wanted some.
    if (line === FUNCTIONS && !service.isGuestRunning()) {
      service.onBreach("a host call of a guest that does not run");
      return;
    }
    if (data.ticket !== tickets[line]) {
      service.onBreach("a host call before the last one was answered");
      return;
    }
    tickets[line] = undefined;
    void service.answer(data).then((result) => {
      // To post it would take the bytes from the next instance, which has waited for the same input.
      if (service.isClosed()) return;
      const ticket = newTicket();
      tickets[line] = ticket;
      if (sharedAnswers !== undefined) leaveAnswer(sharedAnswers, { ticket, result });
      else postAnswer(port, { line, ticket, result });
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

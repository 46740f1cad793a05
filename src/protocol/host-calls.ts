/**
 * The call channel from guest to page: a guest calls a host function and stands still until the
 * page has answered.
 *
 * Two ways: a promise, for an instance that the engine can suspend (JSPI), and shared memory, for
 * a worker that may block its thread. Both post the call; only the way back differs.
 */

import { postedBytes } from "./bytes-transfer.ts";
import { type HostAnswer, type HostCall, isHostCall } from "./messages.ts";
import { expectAnswer, leaveAnswer, type SharedAnswers, waitForAnswer } from "./shared-answers.ts";

/** Makes host calls, from inside the worker. */
export interface HostCaller {
  /** Calls host function number `index`. The arguments are given up. */
  call(index: number, args: Uint8Array): HostAnswer | Promise<HostAnswer>;
}

interface PostedAnswer {
  readonly id: number;
  readonly result: HostAnswer;
}

/** Carries calls out and answers back in; the guest is suspended meanwhile. */
export class SuspendingCaller implements HostCaller {
  readonly #port: MessagePort;
  readonly #pending: Map<number, (answer: HostAnswer) => void> = new Map();
  #nextId = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a locked down worker has none
    port.onmessage = ({ data }: MessageEvent<PostedAnswer>) => {
      this.#pending.get(data.id)?.(data.result);
      this.#pending.delete(data.id);
    };
  }

  call(index: number, args: Uint8Array): Promise<HostAnswer> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#pending.set(id, resolve);
      postCall(this.#port, { id, index, args });
    });
  }
}

/** Carries calls out and waits for the answer in shared memory; the worker's thread is blocked meanwhile. */
export class WaitingCaller implements HostCaller {
  readonly #port: MessagePort;
  readonly #answers: SharedAnswers;

  constructor(port: MessagePort, answers: SharedAnswers) {
    this.#port = port;
    this.#answers = answers;
  }

  call(index: number, args: Uint8Array): HostAnswer {
    expectAnswer(this.#answers);
    postCall(this.#port, { id: 0, index, args });
    return waitForAnswer(this.#answers);
  }
}

function postCall(port: MessagePort, call: HostCall): void {
  const { bytes, transfer } = postedBytes(call.args);
  port.postMessage({ ...call, args: bytes }, transfer);
}

/** How a page serves host calls. */
export interface HostCallService {
  /** How many host functions there are. */
  readonly size: number;
  /** Answers one call; must not reject. The result's bytes are given up. */
  answer(call: HostCall): Promise<HostAnswer>;
  /** Called with what was found when a message is no host call. */
  onBreach(found: string): void;
  readonly sharedAnswers: SharedAnswers | undefined;
}

/** Serves a worker's host calls until the port is closed. */
export function serveHostCalls(port: MessagePort, service: HostCallService): void {
  port.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (!isHostCall(data) || data.index >= service.size) {
      service.onBreach("a message that is no host call");
      return;
    }
    void service.answer(data).then((answer) => {
      if (service.sharedAnswers !== undefined) leaveAnswer(service.sharedAnswers, answer);
      else postAnswer(port, data.id, answer);
    });
  });
  port.start();
}

function postAnswer(port: MessagePort, id: number, answer: HostAnswer): void {
  const { bytes, transfer } = answer === undefined ? NO_BYTES : postedBytes(answer);
  port.postMessage({ id, result: bytes } satisfies PostedAnswer, transfer);
}

const NO_BYTES = { bytes: undefined, transfer: [] };

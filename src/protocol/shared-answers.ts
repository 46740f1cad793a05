/** Memory in which a page leaves its answer to a host call, for a worker whose thread is blocked meanwhile. */

export interface SharedAnswers {
  /** `[state, length of the result in bytes, ticket]`, see the constants below. */
  readonly control: Int32Array<SharedArrayBuffer>;
  /** The result. Grown by the page as answers need it. */
  readonly data: SharedArrayBuffer;
}

const STATE = 0;
const LENGTH = 1;
const TICKET = 2;

const WAITING = 0;
const ANSWERED = 1;
const FAILED = 2;

export interface TicketedAnswer {
  /** What the next call has to show. */
  readonly ticket: number;
  /** `undefined` when the host function failed. */
  readonly result: Uint8Array | undefined;
}

/** For a worker that is to be ended, and shows no more tickets. */
const NO_ANSWER: TicketedAnswer = { ticket: 0, result: undefined };

/** Room for a usual answer from the start: growing takes a system call. */
const INITIAL_ANSWER_BYTES = 64 * 1024;

/** The most a page can answer through shared memory: the address space is reserved from the start. */
const MAX_ANSWER_BYTES = 2 ** 30;

/** Makes the memory that a page shares with one worker. Needs a cross-origin isolated page. */
export function createSharedAnswers(messageBytes: number): SharedAnswers {
  const maxByteLength = Math.min(messageBytes, MAX_ANSWER_BYTES);
  return {
    control: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)),
    data: new SharedArrayBuffer(Math.min(INITIAL_ANSWER_BYTES, maxByteLength), { maxByteLength }),
  };
}

/** One for each kind of host call: input may be waited for while a function is called. */
export interface AnswersByKind {
  readonly function: SharedAnswers;
  readonly stdin: SharedAnswers;
}

/** Makes the memory for both kinds. */
export function createAnswersByKind(messageBytes: number): AnswersByKind {
  return { function: createSharedAnswers(messageBytes), stdin: createSharedAnswers(messageBytes) };
}

/** On the page: wakes a worker that is being terminated, whatever it waits for. */
export function leaveNoAnswers(answers: AnswersByKind): void {
  leaveAnswer(answers.function, NO_ANSWER);
  leaveAnswer(answers.stdin, NO_ANSWER);
}

/** In the worker, before it asks: the next answer is yet to come. */
export function expectAnswer({ control }: SharedAnswers): void {
  Atomics.store(control, STATE, WAITING);
}

/**
 * In the worker: blocks its thread until the page has answered, for at most `waitMs`. The page bounds
 * the wait, too, since it terminates the worker when the call's time is up.
 *
 * @returns A copy of the answer, or `undefined` when there is none yet.
 */
export function waitForAnswer(
  { control, data }: SharedAnswers,
  waitMs: number,
): TicketedAnswer | undefined {
  if (Atomics.wait(control, STATE, WAITING, waitMs) === "timed-out") return undefined;
  const ticket = control[TICKET] as number;
  if (Atomics.load(control, STATE) === FAILED) return { ticket, result: undefined };
  return { ticket, result: new Uint8Array(data, 0, control[LENGTH]).slice() };
}

/** On the page: leaves the answer and wakes the worker. A result that there is no room for is a failure. */
export function leaveAnswer(answers: SharedAnswers, { ticket, result }: TicketedAnswer): void {
  const { control } = answers;
  const isLeft = result !== undefined && leaveBytes(answers, result);
  control[TICKET] = ticket;
  Atomics.store(control, STATE, isLeft ? ANSWERED : FAILED);
  Atomics.notify(control, STATE);
}

/** Returns whether there is room. */
function leaveBytes({ control, data }: SharedAnswers, bytes: Uint8Array): boolean {
  if (bytes.length > data.maxByteLength) return false;
  try {
    if (bytes.length > data.byteLength) data.grow(bytes.length);
  } catch {
    // Out of memory; or the worker, which may be hostile, has grown it further at the same time.
    if (bytes.length > data.byteLength) return false;
  }
  new Uint8Array(data).set(bytes);
  control[LENGTH] = bytes.length;
  return true;
}

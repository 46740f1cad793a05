/** Memory in which a page puts its answer to a host call, for a worker whose thread is blocked. */

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
  /** The ticket of the next call. */
  readonly ticket: number;
  /** `undefined` when the host function failed. */
  readonly result: Uint8Array | undefined;
}

/** For a worker that is being terminated and makes no more calls. */
const NO_ANSWER: TicketedAnswer = { ticket: 0, result: undefined };

/** The initial size, enough for a usual answer: growing takes a system call. */
const INITIAL_ANSWER_BYTES = 64 * 1024;

/** The maximum size of an answer in shared memory. The address space is reserved from the start. */
const MAX_ANSWER_BYTES = 2 ** 30;

/** Makes the memory that a page shares with one worker. Needs a cross-origin isolated page. */
export function createSharedAnswers(messageBytes: number): SharedAnswers {
  const maxByteLength = Math.min(messageBytes, MAX_ANSWER_BYTES);
  return {
    control: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)),
    data: new SharedArrayBuffer(Math.min(INITIAL_ANSWER_BYTES, maxByteLength), { maxByteLength }),
  };
}

/** On the page: wakes a worker that is being terminated from its wait. */
export function leaveNoAnswer(answers: SharedAnswers): void {
  leaveAnswer(answers, NO_ANSWER);
}

/** In the worker: whether the page has answered. */
export function isAnswered({ control }: SharedAnswers): boolean {
  return Atomics.load(control, STATE) !== WAITING;
}

/**
 * In the worker: blocks its thread until the page has answered, for at most `waitMs`. The wait also
 * ends when the call times out, since the page then terminates the worker.
 *
 * @returns A copy of the answer, which is taken away, or `undefined` if there is none yet.
 */
export function waitForAnswer(
  answers: SharedAnswers,
  waitMs: number,
  nowMs: () => number,
): TicketedAnswer | undefined {
  const { control, data } = answers;
  const untilMs = nowMs() + waitMs;
  // The page wakes whom it finds waiting after it has answered: a worker that saw the answer before, and
  // waits for the next one already, is woken for nothing.
  while (!isAnswered(answers)) {
    const leftMs = untilMs - nowMs();
    if (Atomics.wait(control, STATE, WAITING, leftMs) === "timed-out") return undefined;
  }
  const isFailed = Atomics.exchange(control, STATE, WAITING) === FAILED;
  const result = isFailed ? undefined : new Uint8Array(data, 0, control[LENGTH]).slice();
  return { ticket: control[TICKET] as number, result };
}

/** On the page: stores the answer and wakes the worker. A result that does not fit is a failure. */
export function leaveAnswer(answers: SharedAnswers, { ticket, result }: TicketedAnswer): void {
  const { control } = answers;
  const isLeft = result !== undefined && leaveBytes(answers, result);
  control[TICKET] = ticket;
  Atomics.store(control, STATE, isLeft ? ANSWERED : FAILED);
  Atomics.notify(control, STATE);
}

/** Makes room for a result. Returns whether it fits. */
function leaveBytes({ control, data }: SharedAnswers, bytes: Uint8Array): boolean {
  if (bytes.length > data.maxByteLength) return false;
  try {
    if (bytes.length > data.byteLength) data.grow(bytes.length);
  } catch {
    // Out of memory, or a hostile worker has grown it at the same time.
    if (bytes.length > data.byteLength) return false;
  }
  new Uint8Array(data).set(bytes);
  control[LENGTH] = bytes.length;
  return true;
}

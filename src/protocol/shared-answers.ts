/** Memory in which a page leaves its answer to a host call, for a worker whose thread is blocked meanwhile. */

export interface SharedAnswers {
  /** `[state, length of the result in bytes]`, see the constants below. */
  readonly control: Int32Array<SharedArrayBuffer>;
  /** The result. Grown by the page as answers need it. */
  readonly data: SharedArrayBuffer;
}

const STATE = 0;
const LENGTH = 1;

const WAITING = 0;
const ANSWERED = 1;
const FAILED = 2;

/** Room for a usual answer from the start: growing takes a system call. */
const INITIAL_ANSWER_BYTES = 64 * 1024;

/** The most a page can answer through shared memory: the address space is reserved from the start. */
const MOST_ANSWER_BYTES = 2 ** 30;

/** Makes the memory that a page shares with one worker. Needs a cross-origin isolated page. */
export function createSharedAnswers(messageBytes: number): SharedAnswers {
  const maxByteLength = Math.min(messageBytes, MOST_ANSWER_BYTES);
  return {
    control: new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)),
    data: new SharedArrayBuffer(Math.min(INITIAL_ANSWER_BYTES, maxByteLength), { maxByteLength }),
  };
}

/** In the worker, before it asks: the next answer is yet to come. */
export function expectAnswer({ control }: SharedAnswers): void {
  Atomics.store(control, STATE, WAITING);
}

/**
 * In the worker: blocks its thread until the page has answered. The page bounds the wait, since it
 * terminates the worker when the call's time is up.
 *
 * @returns A copy of the result, or `undefined` when the host function failed.
 */
export function waitForAnswer({ control, data }: SharedAnswers): Uint8Array | undefined {
  while (Atomics.load(control, STATE) === WAITING) Atomics.wait(control, STATE, WAITING);
  if (Atomics.load(control, STATE) === FAILED) return undefined;
  return new Uint8Array(data, 0, control[LENGTH]).slice();
}

/** On the page: leaves the result, or `undefined` for a failure, and wakes the worker. */
export function leaveAnswer(
  { control, data }: SharedAnswers,
  result: Uint8Array | undefined,
): void {
  const fits = result !== undefined && result.length <= data.maxByteLength;
  if (fits) {
    if (result.length > data.byteLength) data.grow(result.length);
    new Uint8Array(data).set(result);
    control[LENGTH] = result.length;
  }
  Atomics.store(control, STATE, fits ? ANSWERED : FAILED);
  Atomics.notify(control, STATE);
}

/**
 * Memory that a page and one worker share for calls: a ring of calls, a ring of replies, and words by
 * which each finds out how far the other is.
 */

import { RingReader, RingWriter } from "./shared-ring.ts";

/** Bytes of each ring: room for a thousand small calls. */
const RING_BYTES: number = 64 * 1024;

/** Words of the control memory, each on a line of its own. */
export const WORD = {
  callsWritten: 0,
  callsRead: 16,
  /** The page waits on it. */
  repliesWritten: 32,
  repliesRead: 48,
  /** Grows with each call or message that the page sends. The worker waits on it. */
  sent: 64,
  /** How many messages the page has posted to this worker. */
  messages: 80,
  /** See {@link WORKER}. */
  worker: 96,
  /** 1 while the page waits. */
  isPageWaiting: 112,
  /** The number of the last run that has begun. */
  begun: 128,
} as const;

const WORDS = 144;

/**
 * The head of a frame among the calls that stands for the messages posted before the next call: its
 * payload is how many there were. The call waits for them.
 */
export const FENCE = 0xffff_fffe;

/** The bytes of a fence's payload. */
export const FENCE_BYTES = 4;

/** Where the worker is. */
export const WORKER = {
  /** In its event loop. A message gets it to the rings. */
  away: 0,
  /** The same, and the message is posted. */
  called: 1,
  /** At the rings. */
  busy: 2,
  /** At the rings, and waits. */
  waiting: 3,
} as const;

/** What is posted to the worker, plain but for the shared memory. */
export interface CallMemory {
  readonly control: SharedArrayBuffer;
  readonly calls: SharedArrayBuffer;
  readonly replies: SharedArrayBuffer;
}

/** Makes the memory. Needs a cross-origin isolated page. */
export function createCallMemory(): CallMemory {
  return {
    control: new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT),
    calls: new SharedArrayBuffer(RING_BYTES),
    replies: new SharedArrayBuffer(RING_BYTES),
  };
}

/** One thread's view of the memory. */
interface CallView<Calls, Replies> {
  readonly words: Int32Array;
  readonly calls: Calls;
  readonly replies: Replies;
}

/** The page's view of the memory. */
export function pageView({
  control,
  calls,
  replies,
}: CallMemory): CallView<RingWriter, RingReader> {
  const words = new Int32Array(control);
  return {
    words,
    calls: new RingWriter(calls, words, WORD.callsWritten, WORD.callsRead),
    replies: new RingReader(replies, words, WORD.repliesWritten, WORD.repliesRead),
  };
}

/** The worker's view of the memory. */
export function workerView({
  control,
  calls,
  replies,
}: CallMemory): CallView<RingReader, RingWriter> {
  const words = new Int32Array(control);
  return {
    words,
    calls: new RingReader(calls, words, WORD.callsWritten, WORD.callsRead),
    replies: new RingWriter(replies, words, WORD.repliesWritten, WORD.repliesRead),
  };
}

/**
 * The pace at which a guest's output may come to the page: kept in the worker, which gathers what
 * comes faster, and checked on the page.
 *
 * A guest that runs keeps its worker from hearing anything, so the page cannot ask for less. A pace
 * that both sides know needs no asking, and leaves no backlog that could hold the page up.
 */

/** A chunk goes out when it has this size, whatever is in it. A page takes 64 KiB in less than 0.1 ms. */
export const CHUNK_BYTES: number = 64 * 1024;

/** Chunks of any size that one stream may send at once: enough for a screen full of lines, each alone. */
export const HASTY_CHUNKS = 256;

/** Beyond those, one in this time: a frame, since nobody sees more. */
export const CHUNK_INTERVAL_MS = 16;

/** Bytes that one stream may send at once: what `limits.outputBytes` allows a call by default. */
export const HASTY_BYTES: number = 16 * 1024 * 1024;

/** Beyond those, so many in a millisecond: 64 MiB a second, for which a page needs a tenth of its time. */
export const BYTES_A_MS: number = 64 * 1024;

/** By how much a clock may be behind: browsers round their time, and one that resists fingerprinting by this. */
const CLOCK_STEP_MS = 100;

/** What one stream has sent in one run of the guest, as the page counts it. */
export class OutputAllowance {
  readonly #outputBytes: number;
  readonly #startMs: number;
  #bytes = 0;
  #chunks = 0;

  /**
   * @param outputBytes The most of one run: see `Limits`.
   * @param startMs When the guest was told to run, or before: the pace counts from there.
   */
  constructor(outputBytes: number, startMs: number) {
    this.#outputBytes = outputBytes;
    this.#startMs = startMs;
  }

  /**
   * Counts a chunk.
   *
   * @param hostCalls How many host calls there were in this run: before each the streams are flushed.
   * @returns Whether it keeps the limit and the pace.
   */
  admit(bytes: number, hostCalls: number, nowMs: number): boolean {
    this.#bytes += bytes;
    this.#chunks += 1;
    const elapsedMs = nowMs - this.#startMs + CLOCK_STEP_MS;
    const paceBytes = HASTY_BYTES + elapsedMs * BYTES_A_MS;
    if (this.#bytes > Math.min(this.#outputBytes, paceBytes)) return false;
    // A chunk that is full is sent up to its last line, so two of them hold as much as one could.
    const full = (2 * this.#bytes) / CHUNK_BYTES;
    // Once for a line and once for a sleep, and at the end of the run.
    const frames = (2 * elapsedMs) / CHUNK_INTERVAL_MS + 1;
    return this.#chunks <= HASTY_CHUNKS + full + frames + hostCalls;
  }
}

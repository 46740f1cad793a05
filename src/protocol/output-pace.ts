/**
 * The pace at which a guest's output may come to the page: kept in the worker, which gathers what
 * comes faster, and checked on the page.
 *
 * A guest that runs keeps its worker from receiving messages, so the page cannot ask for less. A pace
 * that both sides know needs no asking, and leaves no backlog that could hold the page up.
 */

import { type OutputChunk, partsOf } from "./output-chunk.ts";

/** A chunk of this size is posted whatever the pace. A page takes 64 KiB in less than 0.1 ms. */
export const OUTPUT_CHUNK_BYTES: number = 64 * 1024;

/** Chunks of any size that a guest may post at once, each with one write: several screens full of lines. */
export const BURST_CHUNKS = 512;

/** Beyond those, one in this time: a frame, since nobody sees more. */
export const CHUNK_INTERVAL_MS = 16;

/** Bytes that a guest may post at once: what `limits.outputBytes` allows for one stream by default. */
export const BURST_BYTES: number = 16 * 1024 * 1024;

/** Beyond those, bytes per millisecond: 64 MiB a second, for which a page needs a tenth of its time. */
export const BYTES_PER_MS: number = 64 * 1024;

/** By how much a clock may be behind: browsers round their time, one that resists fingerprinting to this. */
const CLOCK_STEP_MS = 100;

/** What a guest has posted in one run, as the page counts it. */
export class OutputAllowance {
  readonly #outputBytes: number;
  readonly #startMs: number;
  readonly #bytes: Record<OutputChunk["fd"], number> = { 1: 0, 2: 0 };
  #chunks = 0;

  /**
   * @param outputBytes The most bytes of each stream in one run: see `Limits`.
   * @param startMs When the guest was told to run, or before: the pace counts from there.
   */
  constructor(outputBytes: number, startMs: number) {
    this.#outputBytes = outputBytes;
    this.#startMs = startMs;
  }

  /**
   * Counts a chunk.
   *
   * @param hostCalls How many host calls there were in this run: before each the output is flushed.
   * @returns Whether it keeps the limit and the pace.
   */
  admit(chunk: OutputChunk, hostCalls: number, nowMs: number): boolean {
    this.#chunks += 1;
    for (const [fd, bytes] of partsOf(chunk)) {
      this.#bytes[fd] += bytes.length;
      if (this.#bytes[fd] > this.#outputBytes) return false;
    }
    const total = this.#bytes[1] + this.#bytes[2];
    const elapsedMs = nowMs - this.#startMs + CLOCK_STEP_MS;
    if (total > BURST_BYTES + elapsedMs * BYTES_PER_MS) return false;
    const full = total / OUTPUT_CHUNK_BYTES;
    const paced = elapsedMs / CHUNK_INTERVAL_MS;
    // And what is left at the end of the run.
    return this.#chunks <= BURST_CHUNKS + full + paced + hostCalls + 1;
  }
}

/**
 * The maximum rate at which a guest's output may be posted to the page. The worker keeps it by batching
 * faster output, and the page checks it.
 *
 * A running guest keeps its worker from receiving messages, so the page cannot throttle it. A rate that
 * both sides know needs no messages, and leaves no backlog that could block the page.
 */

import { type OutputChunk, partsOf } from "./output-chunk.ts";

/** A chunk of this size is posted at any rate. A page handles 64 KiB in less than 0.1 ms. */
export const OUTPUT_CHUNK_BYTES: number = 64 * 1024;

/** The burst of chunks of any size, each of one write: several screens of lines. */
export const BURST_CHUNKS = 512;

/** After the burst, the time for each chunk in milliseconds: one frame, since more is not visible. */
export const CHUNK_INTERVAL_MS = 16;

/** The burst in bytes: the default of `limits.outputBytes` for one stream. */
export const BURST_BYTES: number = 16 * 1024 * 1024;

/** After the burst, bytes per millisecond: 64 MiB a second, which takes a page a tenth of its time. */
export const BYTES_PER_MS: number = 64 * 1024;

/** The maximum error of a clock. Browsers round time, those that resist fingerprinting to this. */
const CLOCK_STEP_MS = 100;

/** What a guest has posted in one run, as the page counts it. */
export class OutputAllowance {
  readonly #outputBytes: number;
  readonly #startMs: number;
  readonly #bytes: Record<OutputChunk["fd"], number> = { 1: 0, 2: 0 };
  #chunks = 0;

  /**
   * @param outputBytes The maximum number of bytes of each stream in one run: see `Limits`.
   * @param startMs The start of the run, or a time before it.
   */
  constructor(outputBytes: number, startMs: number) {
    this.#outputBytes = outputBytes;
    this.#startMs = startMs;
  }

  /**
   * Counts a chunk.
   *
   * @param hostCalls The number of host calls in this run. Before each the output is flushed.
   * @returns Whether it keeps the limit and the rate.
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
    // Plus the flush at the end of the run.
    return this.#chunks <= BURST_CHUNKS + full + paced + hostCalls + 1;
  }
}

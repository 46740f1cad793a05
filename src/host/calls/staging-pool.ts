/** The memory that the large calls of one plugin travel in, kept from call to call. */

import type { BufferPool } from "../../codec/buffer-pool.ts";
import { startIdleTimer } from "../time/timer.ts";

/** Shorter messages are as fast in fresh memory. */
const LEAST_BYTES: number = 64 * 1024;

/** Bytes that it keeps: the memory of one array of 64 MiB, with the margin of a message, and of smaller ones. */
const MOST_BYTES: number = 80 * 1024 * 1024;

/** How many it keeps: calls run one at a time, so more would only gather. */
const MOST_BUFFERS = 4;

/** A buffer is at most so many times as large as what it is taken for. */
const MOST_ROOM = 2;

/** When no large call has ended for so long, its memory is more use to others. */
const IDLE_MS = 10_000;

/**
 * Buffers that came back from the worker, or were given up. A plugin has a pool of its own, since what
 * is left in a buffer of earlier calls goes to the worker too.
 */
export class StagingPool implements BufferPool {
  /** The one that was used last is the last. */
  #buffers: ArrayBuffer[] = [];
  #stopTimer: () => void = () => {};
  #isClosed = false;

  /** Bytes that it keeps now. */
  get byteLength(): number {
    return this.#buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  take(least: number): ArrayBuffer | undefined {
    const fits = ({ byteLength }: ArrayBuffer) =>
      byteLength >= least && byteLength <= MOST_ROOM * least;
    const index = this.#buffers.findLastIndex(fits);
    return index < 0 ? undefined : this.#buffers.splice(index, 1)[0];
  }

  /** @param buffer One that is too small or too large is left to the browser. */
  give(buffer: ArrayBuffer): void {
    const { byteLength } = buffer;
    if (this.#isClosed || buffer.resizable) return;
    if (byteLength <= LEAST_BYTES || byteLength > MOST_BYTES) return;
    if (this.#buffers.length === MOST_BUFFERS) this.#buffers.shift();
    while (this.byteLength + byteLength > MOST_BYTES) this.#buffers.shift();
    this.#buffers.push(buffer);
    this.#stopTimer();
    this.#stopTimer = startIdleTimer(IDLE_MS, () => this.#clear());
  }

  /** Keeps nothing from now on. */
  close(): void {
    this.#isClosed = true;
    this.#clear();
  }

  #clear(): void {
    this.#stopTimer();
    this.#buffers = [];
  }
}

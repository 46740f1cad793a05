/**
 * The output streams of a guest, on their way to the page.
 *
 * A guest may write byte by byte, and a message a byte freezes a page; but what a guest wrote just
 * before it hung or died must have been sent. So whole lines go at once while they come at a human
 * pace, and are gathered into large chunks when they come faster: see `output-pace.ts`.
 */

import {
  BYTES_A_MS,
  CHUNK_BYTES,
  CHUNK_INTERVAL_MS,
  HASTY_BYTES,
  HASTY_CHUNKS,
} from "../protocol/output-pace.ts";

/** How much of the end is kept for the error of a call that traps. */
const TAIL_BYTES = 4096;

const NEWLINE = 0x0a;

/** What an output needs of the world. */
export interface OutputWorld {
  /** Takes chunks, each a copy, that end at the end of a line where lines are short enough. */
  send(bytes: Uint8Array<ArrayBuffer>): void;
  nowMs(): number;
  /** Blocks the thread. */
  sleep(durationMs: number): void;
}

export class Output {
  readonly #world: OutputWorld | undefined;
  readonly #tail: Tail = new Tail();
  readonly #chunk: Uint8Array;
  #chunkBytes = 0;
  readonly #chunks: Budget = new Budget(HASTY_CHUNKS, 1 / CHUNK_INTERVAL_MS);
  readonly #bytes: Budget = new Budget(HASTY_BYTES, BYTES_A_MS);

  /** @param world Without one the end is remembered, and nothing is sent. */
  constructor(world: OutputWorld | undefined) {
    this.#world = world;
    this.#chunk = new Uint8Array(world === undefined ? 0 : CHUNK_BYTES);
  }

  /** The last bytes written since {@link beginCall}, as text. */
  get tail(): string {
    return this.#tail.text;
  }

  beginCall(): void {
    this.#tail.clear();
  }

  write(bytes: Uint8Array): void {
    this.#tail.add(bytes);
    const world = this.#world;
    if (world === undefined) return;
    for (let start = 0; start < bytes.length; ) {
      const part = bytes.subarray(start, start + CHUNK_BYTES - this.#chunkBytes);
      this.#chunk.set(part, this.#chunkBytes);
      this.#chunkBytes += part.length;
      start += part.length;
      if (this.#chunkBytes === CHUNK_BYTES && !this.#flushLines(world)) this.flush();
    }
    if (bytes.includes(NEWLINE) && this.#mayHurry(world)) this.#flushLines(world);
  }

  /** Sends everything, an unfinished line too: the call is over, or the guest waits for the page. */
  flush(): void {
    if (this.#world !== undefined) this.#sendChunk(this.#world, this.#chunkBytes);
  }

  /** The same before a sleep. Not before ever so many short ones: between those nobody could see it. */
  flushBeforeSleep(durationMs: number): void {
    if (this.#world === undefined || this.#chunkBytes === 0) return;
    if (durationMs >= CHUNK_INTERVAL_MS || this.#mayHurry(this.#world)) this.flush();
  }

  /** Sends all whole lines. Returns whether there were any. */
  #flushLines(world: OutputWorld): boolean {
    const end = this.#chunk.subarray(0, this.#chunkBytes).lastIndexOf(NEWLINE) + 1;
    this.#sendChunk(world, end);
    return end > 0;
  }

  #sendChunk(world: OutputWorld, bytes: number): void {
    if (bytes === 0) return;
    const waitMs = this.#bytes.waitMs(bytes, world.nowMs());
    if (waitMs > 0) world.sleep(waitMs);
    this.#bytes.take(bytes, world.nowMs());
    world.send(this.#chunk.slice(0, bytes));
    this.#chunk.copyWithin(0, bytes, this.#chunkBytes);
    this.#chunkBytes -= bytes;
  }

  #mayHurry(world: OutputWorld): boolean {
    const nowMs = world.nowMs();
    if (this.#chunks.waitMs(1, nowMs) > 0) return false;
    this.#chunks.take(1, nowMs);
    return true;
  }
}

/** So much at once, and so much more with each millisecond, but never more than at first. */
class Budget {
  readonly #most: number;
  readonly #perMs: number;
  #left: number;
  #countedMs = 0;

  constructor(most: number, perMs: number) {
    this.#most = most;
    this.#perMs = perMs;
    this.#left = most;
  }

  /** How long it is until there is so much. */
  waitMs(amount: number, nowMs: number): number {
    return Math.max(0, (amount - this.#leftAt(nowMs)) / this.#perMs);
  }

  take(amount: number, nowMs: number): void {
    this.#left = this.#leftAt(nowMs) - amount;
  }

  #leftAt(nowMs: number): number {
    this.#left = Math.min(this.#most, this.#left + (nowMs - this.#countedMs) * this.#perMs);
    this.#countedMs = nowMs;
    return this.#left;
  }
}

/** The end of what was written, kept without a copy for each byte. */
class Tail {
  readonly #bytes: Uint8Array = new Uint8Array(2 * TAIL_BYTES);
  #length = 0;

  get text(): string {
    const start = Math.max(0, this.#length - TAIL_BYTES);
    return new TextDecoder().decode(this.#bytes.subarray(start, this.#length));
  }

  clear(): void {
    this.#length = 0;
  }

  add(bytes: Uint8Array): void {
    const last = bytes.length <= TAIL_BYTES ? bytes : bytes.subarray(-TAIL_BYTES);
    if (this.#length + last.length > this.#bytes.length) {
      this.#bytes.copyWithin(0, this.#length - TAIL_BYTES, this.#length);
      this.#length = TAIL_BYTES;
    }
    this.#bytes.set(last, this.#length);
    this.#length += last.length;
  }
}

/** Stdout and stderr of one guest. */
export class Outputs {
  readonly stdout: Output;
  readonly stderr: Output;

  constructor(stdout: Output, stderr: Output) {
    this.stdout = stdout;
    this.stderr = stderr;
  }

  beginCall(): void {
    this.stdout.beginCall();
    this.stderr.beginCall();
  }

  flush(): void {
    this.stdout.flush();
    this.stderr.flush();
  }

  flushBeforeSleep(durationMs: number): void {
    this.stdout.flushBeforeSleep(durationMs);
    this.stderr.flushBeforeSleep(durationMs);
  }
}

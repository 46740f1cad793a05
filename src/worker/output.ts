/**
 * The output of a guest on its way to the page, both streams in the order of the writes.
 *
 * A write is posted at once while writes are slow, because nothing can be posted while the guest
 * computes afterwards. Faster writes are batched, since a message per byte would freeze the page. A
 * batch is posted when the rate allows it and the guest gives control: with its next write or import,
 * when it needs fuel, before it waits, and at its end. See `output-pace.ts`.
 */

import { MAX_SWITCHES, type OutputChunk, type OutputFd } from "../protocol/output-chunk.ts";
import {
  BURST_BYTES,
  BURST_CHUNKS,
  BYTES_PER_MS,
  CHUNK_INTERVAL_MS,
  OUTPUT_CHUNK_BYTES,
} from "../protocol/output-pace.ts";
import type { OutputSink } from "../wasi/streams.ts";

/** What an output uses of its surroundings. */
export interface OutputWorld {
  /** Posts a chunk and gives its bytes up. */
  send(chunk: OutputChunk): void;
  nowMs(): number;
  /** Blocks the thread. Returns whether it slept to the end without an interrupt. */
  sleep(durationMs: number): boolean;
}

export class Output {
  readonly stdout: OutputSink = { write: (bytes) => this.#write(1, bytes) };
  readonly stderr: OutputSink = {
    write: (bytes) => {
      this.#tail.add(bytes);
      this.#write(2, bytes);
    },
  };
  readonly #world: OutputWorld;
  #hasListener: Readonly<Record<OutputFd, boolean>>;
  readonly #tail: Tail = new Tail();
  readonly #chunkTokens: TokenBucket = new TokenBucket(BURST_CHUNKS, 1 / CHUNK_INTERVAL_MS);
  readonly #byteTokens: TokenBucket = new TokenBucket(BURST_BYTES, BYTES_PER_MS);
  /** The batch for the next chunk. Made when it is needed. */
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #length = 0;
  #firstFd: OutputFd = 1;
  #lastFd: OutputFd = 1;
  #switches: number[] = [];
  #isInterrupted = false;

  /** @param hasListener Which streams are posted. The end of stderr is always kept. */
  constructor(
    world: OutputWorld,
    hasListener: { readonly stdout: boolean; readonly stderr: boolean },
  ) {
    this.#world = world;
    this.#hasListener = { 1: hasListener.stdout, 2: hasListener.stderr };
  }

  /** The last bytes written to stderr since {@link beginCall}, as text. */
  get stderrTail(): string {
    return this.#tail.text;
  }

  /** Posts both streams from now on. */
  hear(): void {
    this.#hasListener = { 1: true, 2: true };
  }

  beginCall(): void {
    this.#tail.clear();
  }

  /** Posts the batch: the call is over, or the guest waits for the page. */
  flush(): void {
    if (this.#length === 0) return;
    if (this.#waitFor(this.#byteTokens, this.#length)) {
      this.#world.send({
        fd: this.#firstFd,
        bytes: this.#batch().slice(0, this.#length),
        switches: this.#switches,
      });
    }
    this.#length = 0;
    this.#switches = [];
  }

  /** Posts the batch if the rate allows it. Called often: before each import. */
  flushWhenDue(): void {
    if (this.#length === 0) return;
    if (this.#chunkTokens.takeNow(1, this.#world.nowMs())) this.flush();
  }

  /** Posts the batch before a wait, unless the wait is too short to notice. */
  flushBeforeWait(durationMs: number): void {
    if (this.#length === 0 || durationMs < CHUNK_INTERVAL_MS) return this.flushWhenDue();
    if (this.#waitFor(this.#chunkTokens, 1)) this.flush();
  }

  #write(fd: OutputFd, bytes: Uint8Array): void {
    if (!this.#hasListener[fd]) return;
    for (let start = 0; start < bytes.length; ) {
      this.#switchTo(fd);
      const part = bytes.subarray(start, start + OUTPUT_CHUNK_BYTES - this.#length);
      this.#batch().set(part, this.#length);
      this.#length += part.length;
      start += part.length;
      if (this.#length === OUTPUT_CHUNK_BYTES) this.flush();
    }
    this.flushWhenDue();
  }

  #batch(): Uint8Array<ArrayBuffer> {
    this.#bytes ??= new Uint8Array(OUTPUT_CHUNK_BYTES);
    return this.#bytes;
  }

  #switchTo(fd: OutputFd): void {
    if (this.#switches.length === MAX_SWITCHES && fd !== this.#lastFd) {
      if (!this.#waitFor(this.#chunkTokens, 1)) this.#length = 0;
      this.flush();
    }
    if (this.#length === 0) this.#firstFd = fd;
    else if (fd !== this.#lastFd) this.#switches.push(this.#length);
    this.#lastFd = fd;
  }

  /** Sleeps until enough tokens are available, and takes them. Returns whether the guest may continue. */
  #waitFor(bucket: TokenBucket, count: number): boolean {
    const waitMs = bucket.waitMs(count, this.#world.nowMs());
    if (waitMs > 0 && !this.#isInterrupted) this.#isInterrupted = !this.#world.sleep(waitMs);
    if (waitMs > 0 && this.#isInterrupted) return false;
    bucket.take(count, this.#world.nowMs());
    return true;
  }
}

/** A token bucket: starts full, and gains tokens with each millisecond. */
class TokenBucket {
  readonly #capacity: number;
  readonly #perMs: number;
  #tokens: number;
  #countedMs = 0;

  constructor(capacity: number, perMs: number) {
    this.#capacity = capacity;
    this.#perMs = perMs;
    this.#tokens = capacity;
  }

  /** The time until a number of tokens is available, in milliseconds. */
  waitMs(count: number, nowMs: number): number {
    return Math.max(0, (count - this.#tokensAt(nowMs)) / this.#perMs);
  }

  take(count: number, nowMs: number): void {
    this.#tokens = this.#tokensAt(nowMs) - count;
  }

  /** Takes tokens if enough are available. Returns whether it did. */
  takeNow(count: number, nowMs: number): boolean {
    const isEnough = this.waitMs(count, nowMs) === 0;
    if (isEnough) this.take(count, nowMs);
    return isEnough;
  }

  #tokensAt(nowMs: number): number {
    this.#tokens = Math.min(this.#capacity, this.#tokens + (nowMs - this.#countedMs) * this.#perMs);
    this.#countedMs = nowMs;
    return this.#tokens;
  }
}

/** The length of the end of stderr that the error of a trap contains. */
const TAIL_BYTES = 4096;

/** The end of the output, kept without a copy for each byte. */
class Tail {
  readonly #bytes: Uint8Array = new Uint8Array(2 * TAIL_BYTES);
  #length = 0;

  get text(): string {
    const start = Math.max(0, this.#length - TAIL_BYTES);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      this.#bytes.subarray(start, this.#length),
    );
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

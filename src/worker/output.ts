/**
 * The output streams of a guest, on their way to the page.
 *
 * A guest may write byte by byte, and a message a byte freezes a page; but what a guest wrote just
 * before it hung or died must have been sent. So whole lines go at once while they come at a human
 * pace, and are gathered into large chunks when they come faster.
 */

/** A chunk is sent when it has this size, whatever is in it. */
const CHUNK_BYTES = 16 * 1024;

/** How many chunks may go out within one window before lines are gathered. */
const CHUNKS_A_WINDOW = 32;

/** The length of a window: about a frame. */
const WINDOW_MS = 16;

/** How much of the end is kept for the error of a call that traps. */
const TAIL_BYTES = 4096;

const NEWLINE = 0x0a;

export class Output {
  readonly #send: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly #nowMs: () => number;
  readonly #chunk: Uint8Array = new Uint8Array(CHUNK_BYTES);
  #chunkBytes = 0;
  #windowStartMs = 0;
  #chunksInWindow = 0;
  #tail: Uint8Array = new Uint8Array();

  /** @param send Takes chunks, each a copy, that end at the end of a line where lines are short enough. */
  constructor(send: (bytes: Uint8Array<ArrayBuffer>) => void, nowMs: () => number) {
    this.#send = send;
    this.#nowMs = nowMs;
  }

  /** The last bytes written since {@link beginCall}, as text. */
  get tail(): string {
    return new TextDecoder().decode(this.#tail);
  }

  beginCall(): void {
    this.#tail = new Uint8Array();
  }

  write(bytes: Uint8Array): void {
    this.#keepTail(bytes);
    for (let start = 0; start < bytes.length; ) {
      const part = bytes.subarray(start, start + CHUNK_BYTES - this.#chunkBytes);
      this.#chunk.set(part, this.#chunkBytes);
      this.#chunkBytes += part.length;
      start += part.length;
      if (this.#chunkBytes === CHUNK_BYTES && !this.#flushLines()) this.flush();
    }
    if (bytes.includes(NEWLINE) && this.#mayHurry()) this.#flushLines();
  }

  /** Sends everything, an unfinished line too: the call is over, or the guest waits for the page. */
  flush(): void {
    this.#sendChunk(this.#chunkBytes);
  }

  /** Sends all whole lines. Returns whether there were any. */
  #flushLines(): boolean {
    const end = this.#chunk.subarray(0, this.#chunkBytes).lastIndexOf(NEWLINE) + 1;
    this.#sendChunk(end);
    return end > 0;
  }

  #sendChunk(bytes: number): void {
    if (bytes === 0) return;
    this.#send(this.#chunk.slice(0, bytes));
    this.#chunk.copyWithin(0, bytes, this.#chunkBytes);
    this.#chunkBytes -= bytes;
  }

  #mayHurry(): boolean {
    const nowMs = this.#nowMs();
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#chunksInWindow = 0;
    }
    this.#chunksInWindow += 1;
    return this.#chunksInWindow <= CHUNKS_A_WINDOW;
  }

  #keepTail(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.#tail.length + Math.min(bytes.length, TAIL_BYTES));
    joined.set(this.#tail);
    joined.set(bytes.subarray(-TAIL_BYTES), this.#tail.length);
    this.#tail = joined.slice(-TAIL_BYTES);
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
}

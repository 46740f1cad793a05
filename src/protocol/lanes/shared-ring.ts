/**
 * A ring of frames in shared memory, with one thread that writes and one that reads.
 *
 * A frame is two words, its head and the bytes of its payload, and the payload, padded to a multiple of
 * 8. It does not wrap: one that has no room before the end of the ring starts at its beginning, and a
 * frame of {@link SKIP} fills the rest. Positions count bytes since the ring was made, modulo 2^32.
 *
 * The other thread may be hostile: whatever it writes, a position or a length out of range is found,
 * and nothing is read from or written to outside the ring.
 */

const HEAD_BYTES = 8;

/** The head of a frame that only fills the ring to its end. */
const SKIP = 0xffff_ffff;

/** Writes frames. */
export class RingWriter {
  readonly #bytes: Uint8Array;
  readonly #frames: Uint32Array;
  readonly #words: Int32Array;
  readonly #written: number;
  readonly #read: number;
  /** What is written, published or not. */
  #position = 0;

  /** @param written The word that says how much is written. @param read The one that says how much is read. */
  constructor(ring: SharedArrayBuffer, words: Int32Array, written: number, read: number) {
    this.#bytes = new Uint8Array(ring);
    this.#frames = new Uint32Array(ring);
    this.#words = words;
    this.#written = written;
    this.#read = read;
  }

  /** The largest payload that a ring takes when it is empty. */
  get maxPayload(): number {
    return this.#bytes.length / 2 - HEAD_BYTES;
  }

  hasRoomFor(length: number): boolean {
    const capacity = this.#bytes.length;
    const used = (this.#position - Atomics.load(this.#words, this.#read)) >>> 0;
    return used + this.#needed(length) <= capacity;
  }

  /** Writes a frame that there is room for. The other side sees it with {@link publish}. */
  write(head: number, payload: Uint8Array): void {
    const capacity = this.#bytes.length;
    const size = frameBytes(payload.length);
    let start = this.#position % capacity;
    if (start + size > capacity) {
      this.#frames[start / 4] = SKIP;
      this.#position = (this.#position + capacity - start) >>> 0;
      start = 0;
    }
    this.#frames[start / 4] = head;
    this.#frames[start / 4 + 1] = payload.length;
    if (payload.length > 0) this.#bytes.set(payload, start + HEAD_BYTES);
    this.#position = (this.#position + size) >>> 0;
  }

  publish(): void {
    Atomics.store(this.#words, this.#written, this.#position | 0);
  }

  /** Blocks the thread until there is room: the other side reads on. Not for a page. */
  waitForRoom(length: number): void {
    while (!this.hasRoomFor(length)) {
      const read = Atomics.load(this.#words, this.#read);
      if (!this.hasRoomFor(length)) Atomics.wait(this.#words, this.#read, read, MAX_WAIT_MS);
    }
  }

  #needed(length: number): number {
    const capacity = this.#bytes.length;
    const size = frameBytes(length);
    const start = this.#position % capacity;
    return start + size > capacity ? capacity - start + size : size;
  }
}

/** A reader need not notify whom it does not know to wait. */
const MAX_WAIT_MS = 1;

/** Reads frames. */
export class RingReader {
  readonly #bytes: Uint8Array;
  readonly #frames: Uint32Array;
  readonly #words: Int32Array;
  readonly #written: number;
  readonly #read: number;
  #position = 0;
  /** Where the frame ends that was read last. */
  #end = 0;
  /** Of the frame that was read last. */
  head = 0;
  /** Of the frame that was read last: a view of the ring, valid until {@link release}. */
  payload: Uint8Array = new Uint8Array();
  /** Whether what the other side has written makes no sense. */
  isBroken = false;

  constructor(ring: SharedArrayBuffer, words: Int32Array, written: number, read: number) {
    this.#bytes = new Uint8Array(ring);
    this.#frames = new Uint32Array(ring);
    this.#words = words;
    this.#written = written;
    this.#read = read;
  }

  /** Reads the next frame. Returns whether there is one. */
  next(): boolean {
    const capacity = this.#bytes.length;
    const left = (Atomics.load(this.#words, this.#written) - this.#position) >>> 0;
    if (left === 0 || this.isBroken) return false;
    const start = this.#position % capacity;
    const head = this.#frames[start / 4] as number;
    if (head === SKIP) {
      if (start === 0 || left < capacity - start) return this.#break();
      this.#position = (this.#position + capacity - start) >>> 0;
      return this.next();
    }
    const length = this.#frames[start / 4 + 1] as number;
    const size = frameBytes(length);
    if (left > capacity || size > left || start + size > capacity) return this.#break();
    this.head = head;
    this.payload = this.#bytes.subarray(start + HEAD_BYTES, start + HEAD_BYTES + length);
    this.#end = (this.#position + size) >>> 0;
    return true;
  }

  /** Whether there is no frame to read now. */
  get isEmpty(): boolean {
    return Atomics.load(this.#words, this.#written) >>> 0 === this.#position;
  }

  /** How much is read, as the other side's word says how much is written. */
  get position(): number {
    return this.#position | 0;
  }

  /** Goes on to the frame after the one that was read last, whose payload stays valid. */
  advance(): void {
    this.#position = this.#end;
  }

  /** Gives the room of all frames before the next one back. Their payloads are no longer valid. */
  release(): void {
    Atomics.store(this.#words, this.#read, this.#position | 0);
  }

  #break(): false {
    this.isBroken = true;
    return false;
  }
}

function frameBytes(length: number): number {
  return HEAD_BYTES + Math.ceil(length / 8) * 8;
}

/**
 * Calls and replies as bytes: many of them in one message, since a message costs more than a call.
 *
 * A frame, little-endian, is a head of 16 bytes and its payload, padded to a multiple of 8:
 *
 * | bytes | of a call | of a reply |
 * |---|---|---|
 * | u32 | function | 0: a result; 1: the next of what was thrown |
 * | u32 | bytes of payload, or {@link SEPARATE} | the same |
 * | f64 | `timeoutMs` | `fuelUsed` |
 *
 * A payload in a large buffer is not copied into the frames but goes beside them, in that buffer: the
 * worker writes the result into it, and it comes back.
 */

const HEAD_BYTES = 16;

/** As the length of a payload: it is the next of the separate ones. */
const SEPARATE = 0xffff_ffff;

/** Payloads in buffers of this size or more go beside the frames: see `bytes-transfer.ts`. */
const SEPARATE_FROM_BYTES: number = 4 * 1024;

/**
 * Whether a payload that has a buffer of this size for itself goes beside the frames.
 *
 * Whoever made the payload knows the size. To ask a typed array of up to 64 bytes for its buffer makes
 * one, outside of the heap, which takes a third of a small call's time.
 */
export function isLarge(bufferBytes: number): boolean {
  return bufferBytes >= SEPARATE_FROM_BYTES;
}

/** The size of an empty writer's memory. */
const INITIAL_BYTES = 4 * 1024;

/** A call or a reply. */
export interface Frame {
  readonly head: number;
  readonly amount: number;
  readonly payload: Uint8Array;
  /** Whether the payload has its buffer for itself. */
  readonly isSeparate: boolean;
}

/** Frames as they are posted. */
export interface PostedFrames {
  readonly frames: Uint8Array;
  readonly separate: readonly Uint8Array[];
  readonly transfer: Transferable[];
}

/** Gathers frames. */
export class FrameWriter {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL_BYTES);
  #view: DataView = new DataView(this.#bytes.buffer);
  #length = 0;
  #count = 0;
  #separate: Uint8Array[] = [];
  #transfer: Transferable[] = [];

  /** How many frames there are. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of the frames, without what is separate. */
  get length(): number {
    return this.#length;
  }

  /**
   * @param payload Has its buffer for itself, and is given up.
   * @param bufferBytes The size of that buffer.
   * @param isKept Whether it is not given up, since it may have to be sent again: it is cloned if it is large.
   */
  add(
    head: number,
    amount: number,
    payload: Uint8Array,
    bufferBytes: number = payload.length,
    isKept = false,
  ): void {
    const isSeparate = isLarge(bufferBytes);
    const start = this.#length;
    const end = start + HEAD_BYTES + (isSeparate ? 0 : padded(payload.length));
    if (end > this.#bytes.length) this.#grow(end);
    const view = this.#view;
    view.setUint32(start, head, true);
    view.setUint32(start + 4, isSeparate ? SEPARATE : payload.length, true);
    view.setFloat64(start + 8, amount, true);
    if (isSeparate) {
      this.#separate.push(payload);
      if (!isKept) this.#transfer.push(payload.buffer as ArrayBuffer);
    } else if (payload.length > 0) this.#bytes.set(payload, start + HEAD_BYTES);
    this.#length = end;
    this.#count += 1;
  }

  /** The frames so far, which this forgets. */
  take(): PostedFrames {
    const taken = {
      frames: this.#bytes.slice(0, this.#length),
      separate: this.#separate,
      transfer: this.#transfer,
    };
    this.#length = 0;
    this.#count = 0;
    if (taken.separate.length > 0) {
      this.#separate = [];
      this.#transfer = [];
    }
    return taken;
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** Reads frames. Returns `undefined` when they are not well-formed, or not all that is separate is theirs. */
export function readFrames(
  frames: Uint8Array,
  separate: readonly Uint8Array[],
): readonly Frame[] | undefined {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.length);
  const read: Frame[] = [];
  let separates = 0;
  for (let start = 0; start < frames.length; ) {
    const payloadStart = start + HEAD_BYTES;
    if (payloadStart > frames.length) return undefined;
    const head = view.getUint32(start, true);
    const length = view.getUint32(start + 4, true);
    const amount = view.getFloat64(start + 8, true);
    if (length === SEPARATE) {
      const payload = separate[separates];
      if (payload === undefined) return undefined;
      separates += 1;
      read.push({ head, amount, payload, isSeparate: true });
      start = payloadStart;
      continue;
    }
    const end = payloadStart + padded(length);
    if (end > frames.length) return undefined;
    const payload = frames.subarray(payloadStart, payloadStart + length);
    read.push({ head, amount, payload, isSeparate: false });
    start = end;
  }
  return separates === separate.length ? read : undefined;
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

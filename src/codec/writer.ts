import { showBytesApart } from "../wording/amounts.ts";
import { describeThrown } from "../wording/describe-thrown.ts";
import { InvalidValue } from "../wording/invalid-value.ts";
import type { BufferPool } from "./buffer-pool.ts";
import type { CodecLimits } from "./codec-limits.ts";
import { Cursor } from "./cursor.ts";
import { ElementViews } from "./element-views.ts";
import type { Handles } from "./handles.ts";
import { Mismatch, type Step } from "./mismatch.ts";
import type { TypedArray, TypedArrayConstructor } from "./typed-array.ts";

const FIRST_BYTES = 1024;
/** A buffer of at most this size is reused for the next message; copying 64 KiB out takes microseconds. */
const SCRATCH_BYTES = 64 * 1024;
/** A buffer is at most so many times as large as the message in it needs when it is made. */
const MAX_GROWTH = 8;
/** Up to this many bytes a loop copies them before `slice` or a view of them could begin. */
const LOOP_BYTES = 64;

/** What messages are made with, besides their limits. */
export interface EncoderMeans {
  /** Where long messages have their memory from, as far as it has any. */
  readonly pool?: BufferPool | undefined;
  /** Where resources get their handles. */
  readonly handles?: Handles | undefined;
}

/**
 * Writes one message to a buffer that grows, up to `limits.messageBytes`.
 *
 * A short message is written to a scratch buffer and copied out. A longer one moves to a buffer of
 * its own, which is given away without a copy.
 */
export class Writer extends Cursor {
  /** The buffer. `take` and `reserve` may replace it. */
  bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #scratch: Uint8Array<ArrayBuffer>;
  #scratchElements: ElementViews;
  /** The size of the last message that the scratch buffer could not hold. */
  #lastLongBytes = 0;

  readonly #pool: BufferPool | undefined;

  constructor(limits: CodecLimits, { pool, handles }: EncoderMeans = {}) {
    super(limits, handles);
    this.#pool = pool;
    this.#scratch = new Uint8Array(Math.min(FIRST_BYTES, limits.messageBytes));
    this.#scratchElements = new ElementViews(this.#scratch.buffer);
    this.bytes = this.#scratch;
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `byteCount` more bytes. @throws Mismatch beyond `messageBytes`. */
  reserve(byteCount: number): void {
    const needed = this.offset + byteCount;
    if (needed > this.bytes.length) this.#grow(needed);
  }

  /** Takes the next `byteCount` bytes, still unwritten. @returns where they start. */
  take(byteCount: number): number {
    const start = this.offset;
    const end = start + byteCount;
    if (end > this.bytes.length) this.#grow(end);
    this.offset = end;
    return start;
  }

  u8(value: number): void {
    const at = this.take(1);
    this.bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.take(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.take(4);
    this.#view.setUint32(at, value, true);
  }

  /** The u32 that was written at `at`. */
  u32At(at: number): number {
    return this.#view.getUint32(at, true);
  }

  u64(value: bigint): void {
    const at = this.take(8);
    this.#view.setBigUint64(at, value, true);
  }

  f32(value: number): void {
    const at = this.take(4);
    this.#view.setFloat32(at, value, true);
  }

  f64(value: number): void {
    const at = this.take(8);
    this.#view.setFloat64(at, value, true);
  }

  /** A count of items or bytes, as u64. */
  length(value: number): void {
    const at = this.take(8);
    this.setLength(at, value);
  }

  /** Writes a count at `at`, a position taken before the count was known. */
  setLength(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
    this.#view.setUint32(at + 4, value < 0x1_0000_0000 ? 0 : value / 0x1_0000_0000, true);
  }

  /** Copies `source` in, from any kind of buffer. */
  copy(source: Uint8Array): void {
    const at = this.take(source.length);
    this.bytes.set(source, at);
  }

  /** Scratch memory as a typed array, while the message is in it. */
  scratchElements<A extends TypedArray>(kind: TypedArrayConstructor<A>): A | undefined {
    return this.bytes === this.#scratch ? this.#scratchElements.of(kind) : undefined;
  }

  /** A property of a value, by which it is told what to write. @throws Mismatch at its path */
  property(value: object, name: string): unknown {
    try {
      return (value as Readonly<Record<string, unknown>>)[name];
    } catch (error) {
      throw this.within(error, name);
    }
  }

  /**
   * As for any cursor; and what a getter or a proxy of the value has thrown becomes the cause of a
   * `Mismatch`. An invalid codec is not the value's fault, and stays as it is.
   */
  override within(error: unknown, ...steps: readonly Step[]): unknown {
    if (error instanceof Mismatch || error instanceof InvalidValue) {
      return super.within(error, ...steps);
    }
    const problem = `cannot be read (${describeThrown(error)})`;
    return super.within(new Mismatch(problem, this.offset, { cause: error }), ...steps);
  }

  /**
   * The bytes written, for the caller to keep or transfer: they start at byte 0 of a buffer that
   * nothing else refers to, and may end before its end.
   */
  finish(): Uint8Array<ArrayBuffer> {
    const { bytes, offset } = this;
    if (bytes !== this.#scratch) return bytes.subarray(0, offset);
    if (offset > LOOP_BYTES) return bytes.slice(0, offset);
    const message = new Uint8Array(offset);
    for (let index = 0; index < offset; index++) message[index] = bytes[index] as number;
    return message;
  }

  /** Copies the bytes written to `target`. @returns their number; or where they do not fit, {@link finish}'s. */
  finishInto(target: Uint8Array, at: number): number | Uint8Array<ArrayBuffer> {
    const { bytes, offset } = this;
    if (offset > target.length - at) return this.finish();
    if (offset > LOOP_BYTES) target.set(bytes.subarray(0, offset), at);
    else {
      for (let index = 0; index < offset; index++) target[at + index] = bytes[index] as number;
    }
    return offset;
  }

  /** Starts an empty message, after {@link finish} or a failure. */
  reset(): void {
    if (this.bytes !== this.#scratch) {
      this.#lastLongBytes = this.offset;
      this.#use(this.#scratch);
    }
    this.offset = 0;
    this.depth = 0;
  }

  #grow(needed: number): void {
    const { messageBytes } = this.limits;
    if (needed > messageBytes) {
      const [found, most] = showBytesApart(needed, messageBytes);
      throw this.mismatch(`message of at least ${found}, limit ${most} (limits.messageBytes)`);
    }
    const ample = Math.max(
      this.bytes.length * 2,
      withMargin(needed),
      // Messages are often as long as the last: growing step by step would copy this one some times.
      Math.min(withMargin(this.#lastLongBytes), needed * MAX_GROWTH),
    );
    const grown = this.#memoryOf(needed, Math.min(ample, messageBytes));
    grown.set(this.bytes.subarray(0, this.offset));
    if (this.bytes !== this.#scratch) this.#pool?.give(this.bytes.buffer);
    if (grown.length <= SCRATCH_BYTES) {
      this.#scratch = grown;
      this.#scratchElements = new ElementViews(grown.buffer);
    }
    this.#use(grown);
  }

  #memoryOf(needed: number, ample: number): Uint8Array<ArrayBuffer> {
    const pooled = ample > SCRATCH_BYTES ? this.#pool?.take(needed) : undefined;
    if (pooled === undefined) return new Uint8Array(ample);
    return new Uint8Array(pooled, 0, Math.min(pooled.byteLength, this.limits.messageBytes));
  }

  #use(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** An eighth more: a few bytes after a large array should not copy it a second time. */
function withMargin(byteCount: number): number {
  return byteCount + Math.floor(byteCount / 8);
}

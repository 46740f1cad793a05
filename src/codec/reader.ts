import { isArrayBuffer } from "../brands.ts";
import { showBytesApart, showCount, showExactBytes } from "../wording/amounts.ts";
import type { CodecLimits } from "./codec-limits.ts";
import { Cursor } from "./cursor.ts";
import { ElementViews } from "./element-views.ts";
import type { Handles } from "./handles.ts";
import { KeyClock } from "./key-clock.ts";
import type { Mismatch } from "./mismatch.ts";
import { ShortTexts } from "./short-texts.ts";
import type { TypedArray, TypedArrayConstructor } from "./typed-array.ts";

/** Copying a message of at most this size takes a tenth of the time that a `DataView` of it takes to make. */
const SCRATCH_BYTES = 4096;

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Reads messages one after the other, each from its start. Their content is not trusted. */
export class Reader extends Cursor {
  /** The message, in memory that only this thread writes; it ends at {@link end}. */
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView<ArrayBuffer>;
  end = 0;
  /** Whether what is decoded may keep views of {@link source}. */
  owned = false;
  /** Whether it does. */
  isViewed = false;
  readonly #scratch: Uint8Array<ArrayBuffer> = new Uint8Array(SCRATCH_BYTES);
  readonly #scratchView = new DataView(this.#scratch.buffer);
  readonly #scratchElements = new ElementViews(this.#scratch.buffer);
  /** Kept between messages. */
  readonly shortTexts: ShortTexts = new ShortTexts();
  readonly #messageItems: number;
  #message = NO_BYTES;
  #items = 0;
  #keyClock: KeyClock | undefined;

  constructor(limits: CodecLimits, handles?: Handles) {
    super(limits, handles);
    this.bytes = this.#scratch;
    this.view = this.#scratchView;
    this.#messageItems = limits.messageItems;
  }

  /** Starts a message. @throws Mismatch beyond `messageBytes`. */
  start(message: Uint8Array, owned: boolean): void {
    const { length } = message;
    if (length > this.limits.messageBytes) throw this.#tooLong(length);
    this.#message = message;
    this.end = length;
    this.owned = owned;
    this.isViewed = false;
    if (length <= SCRATCH_BYTES) this.#scratch.set(message);
    else this.#readInPlace(message);
  }

  /** Forgets the message. */
  reset(): void {
    this.offset = 0;
    this.depth = 0;
    this.#items = 0;
    this.#message = NO_BYTES;
    this.#keyClock = undefined;
    this.bytes = this.#scratch;
    this.view = this.#scratchView;
  }

  /** The message outside of scratch memory: what the caller passed, or a copy of what was shared. */
  get source(): Uint8Array<ArrayBuffer> {
    const message = this.#message;
    if (isUnshared(message)) return message;
    const copy = this.bytes.slice(0, this.end);
    this.#message = copy;
    return copy;
  }

  /** Scratch memory as a typed array, where the message is in it. */
  scratchElements<A extends TypedArray>(kind: TypedArrayConstructor<A>): A | undefined {
    return this.bytes === this.#scratch ? this.#scratchElements.of(kind) : undefined;
  }

  #readInPlace(message: Uint8Array): void {
    // The other side could change shared memory after it was checked, and a TextDecoder refuses it.
    this.bytes = isUnshared(message) ? message : new Uint8Array(message);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.end);
    this.#message = this.bytes;
  }

  /** Takes `byteCount` bytes. @returns where they start. @throws Mismatch when fewer are left. */
  take(byteCount: number, expected: string): number {
    const start = this.offset;
    const end = start + byteCount;
    if (end > this.end) throw this.#tooShort(byteCount, expected);
    this.offset = end;
    return start;
  }

  /** Takes a u64 count of bytes, or of elements of `minBytes` each. @throws Mismatch when there are fewer. */
  length(minBytes: number): number {
    const at = this.take(8, "length");
    const low = this.view.getUint32(at, true);
    const high = this.view.getUint32(at + 4, true);
    const length = high === 0 ? low : low + high * 0x1_0000_0000;
    if (length * minBytes > this.end - this.offset) throw this.#doesNotFit(length, at);
    return length;
  }

  /** Takes a u64 count of items that take `minBytes` each. @throws Mismatch as {@link expect}. */
  itemCount(minBytes: number, weight: number): number {
    const at = this.offset;
    const length = this.length(minBytes);
    this.count(length * weight, at);
    return length;
  }

  /**
   * Rejects `length` items of at least `minBytes` each that the bytes cannot hold or that are too
   * many, before anything is allocated for them.
   *
   * @param weight What one of them counts towards `messageItems`.
   */
  expect(length: number, minBytes: number, weight: number): void {
    if (length * minBytes > this.end - this.offset) throw this.#doesNotFit(length, this.offset);
    this.count(length * weight);
  }

  /**
   * Adds the weight of a part (see {@link WEIGHTS}) that began at byte `at`. Items bound the time and
   * memory that a message takes, which its bytes do not: some items take none. @throws Mismatch beyond
   * `messageItems`.
   */
  count(weight: number, at: number = this.offset): void {
    this.#items += weight;
    if (this.#items > this.#messageItems) throw this.#tooMany(at);
  }

  /**
   * Times the keys of a map or set: called after key `index`, which began at byte `at`, was entered.
   * Nothing else may be read between two keys. @throws Mismatch when they are so slow that they collide.
   */
  tookKey(index: number, at: number | undefined): void {
    const wrong = (this.#keyClock ??= new KeyClock()).tookKey(index);
    if (wrong !== undefined) throw this.mismatch(wrong, at);
  }

  // The errors stand apart: engines inline the short functions that find them.

  #tooLong(length: number): Mismatch {
    const [found, most] = showBytesApart(length, this.limits.messageBytes);
    return this.mismatch(`message of ${found}, limit ${most} (limits.messageBytes)`);
  }

  #tooShort(byteCount: number, expected: string): Mismatch {
    const left = showExactBytes(this.end - this.offset);
    return this.mismatch(`${expected} takes ${showExactBytes(byteCount)}, ${left} left`);
  }

  #doesNotFit(length: number, at: number): Mismatch {
    const left = showExactBytes(this.end - this.offset);
    return this.mismatch(`length ${length} does not fit, ${left} left`, at);
  }

  #tooMany(at: number): Mismatch {
    const [found, most] = [Math.ceil(this.#items), this.#messageItems].map(showCount);
    return this.mismatch(`message of ${found} items, limit ${most} (limits.messageItems)`, at);
  }
}

function isUnshared(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return isArrayBuffer(bytes.buffer);
}

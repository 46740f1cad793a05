import { showBytesApart, showCount, showExactBytes } from "../wording/amounts.ts";
import type { CodecLimits } from "./codec-limits.ts";
import { Cursor } from "./cursor.ts";
import { KeyClock } from "./key-clock.ts";

/** Reads one message from its start. Its content is not trusted. */
export class Reader extends Cursor {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  /** Whether what is decoded may keep views of `bytes`. */
  readonly owned: boolean;
  readonly #messageItems: number;
  #items = 0;
  #keyClock: KeyClock | undefined;

  /** @throws Mismatch beyond `messageBytes`. */
  constructor(bytes: Uint8Array<ArrayBuffer>, limits: CodecLimits, owned: boolean) {
    super(limits);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.owned = owned;
    this.#messageItems = limits.messageItems;
    if (bytes.byteLength > limits.messageBytes) {
      const [found, most] = showBytesApart(bytes.byteLength, limits.messageBytes);
      throw this.mismatch(`message of ${found}, limit ${most} (limits.messageBytes)`);
    }
  }

  /** Takes `byteCount` bytes. @returns where they start. @throws Mismatch when fewer are left. */
  take(byteCount: number, expected: string): number {
    const start = this.offset;
    const end = start + byteCount;
    if (end > this.bytes.length) {
      const left = showExactBytes(this.bytes.length - start);
      throw this.mismatch(`${expected} takes ${showExactBytes(byteCount)}, ${left} left`);
    }
    this.offset = end;
    return start;
  }

  /** Takes a u64 count of bytes, or of elements of `minBytes` each. @throws Mismatch when there are fewer. */
  length(minBytes: number): number {
    const at = this.take(8, "length");
    const length =
      this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 0x1_0000_0000;
    this.#expectBytes(length, minBytes, at);
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
    this.#expectBytes(length, minBytes, this.offset);
    this.count(length * weight);
  }

  /**
   * Times the keys of a map or set: called after key `index`, which began at byte `at`, was entered.
   * Nothing else may be read between two keys. @throws Mismatch when they are so slow that they collide.
   */
  tookKey(index: number, at: number | undefined): void {
    const wrong = (this.#keyClock ??= new KeyClock()).tookKey(index);
    if (wrong !== undefined) throw this.mismatch(wrong, at);
  }

  #expectBytes(length: number, minBytes: number, at: number): void {
    const left = this.bytes.length - this.offset;
    if (length * minBytes <= left) return;
    throw this.mismatch(`length ${length} does not fit, ${showExactBytes(left)} left`, at);
  }

  /**
   * Adds the weight of a part (see {@link WEIGHTS}) that began at byte `at`. Items bound the time and
   * memory that a message takes, which its bytes do not: some items take none. @throws Mismatch beyond
   * `messageItems`.
   */
  count(weight: number, at: number = this.offset): void {
    this.#items += weight;
    if (this.#items <= this.#messageItems) return;
    const [found, most] = [Math.ceil(this.#items), this.#messageItems].map(showCount);
    throw this.mismatch(`message of ${found} items, limit ${most} (limits.messageItems)`, at);
  }
}

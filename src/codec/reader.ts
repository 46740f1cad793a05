import type { CodecLimits } from "./codec-limits.ts";
import { Cursor } from "./cursor.ts";
import { KeyClock } from "./key-clock.ts";

/** Where codecs take their bytes from: one message, from its start. Its content is not trusted. */
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
      throw this.mismatch(
        `a message of ${bytes.byteLength} bytes`,
        `at most ${limits.messageBytes} (limits.messageBytes)`,
      );
    }
  }

  /** Takes `byteCount` bytes. @returns where they start. @throws Mismatch when fewer are left. */
  take(byteCount: number, expected: string): number {
    const start = this.offset;
    const end = start + byteCount;
    if (end > this.bytes.length) {
      throw this.mismatch(`${this.bytes.length - start} bytes`, `${expected} (${byteCount} bytes)`);
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
   * Refuses `length` items of at least `minBytes` each that cannot be there, or are too many. Comes
   * before anything is allocated for them.
   *
   * @param weight What one of them counts towards `messageItems`.
   */
  expect(length: number, minBytes: number, weight: number): void {
    this.#expectBytes(length, minBytes, this.offset);
    this.count(length * weight);
  }

  /**
   * To be told that a map or set has taken its key number `index`, which began at byte `at`. Nothing
   * else may be read between two keys. @throws Mismatch when keys take longer than any that differ.
   */
  tookKey(index: number, at: number | undefined): void {
    const wrong = (this.#keyClock ??= new KeyClock()).tookKey(index);
    if (wrong !== undefined) throw this.mismatch(wrong.found, wrong.expected, at);
  }

  #expectBytes(length: number, minBytes: number, at: number): void {
    const left = this.bytes.length - this.offset;
    if (length * minBytes <= left) return;
    const most = Math.floor(left / minBytes);
    throw this.mismatch(`length ${length}`, `at most ${most} (${left} bytes are left)`, at);
  }

  /**
   * Counts a part of this weight (see {@link WEIGHTS}) at byte `at`. Items bound the time and the
   * memory that a message takes: its bytes do not, and some take none. @throws Mismatch beyond `messageItems`.
   */
  count(weight: number, at: number = this.offset): void {
    this.#items += weight;
    if (this.#items <= this.#messageItems) return;
    throw this.mismatch(
      `${Math.ceil(this.#items)} items`,
      `at most ${this.#messageItems} in a message (limits.messageItems)`,
      at,
    );
  }
}

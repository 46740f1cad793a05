import type { CodecLimits } from "./codec-limits.ts";
import { Cursor } from "./cursor.ts";

/** Items that take no bytes (a `Vec<()>`) in one message: no length of bytes bounds them. */
const EMPTY_ITEMS = 65_536;

/** Where codecs take their bytes from: one message, from its start. Its content is not trusted. */
export class Reader extends Cursor {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  /** Whether what is decoded may keep views of `bytes`. */
  readonly owned: boolean;
  #emptyItems = EMPTY_ITEMS;

  /** @throws Mismatch beyond `messageBytes`. */
  constructor(bytes: Uint8Array<ArrayBuffer>, limits: CodecLimits, owned: boolean) {
    super(limits);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.owned = owned;
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

  /** Takes a u64 count of items that take `minBytes` each. @throws Mismatch as {@link expect}. */
  length(minBytes: number): number {
    const at = this.take(8, "length");
    const length =
      this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 0x1_0000_0000;
    this.expect(length, minBytes, at);
    return length;
  }

  /**
   * Refuses `length` items of at least `minBytes` each, said at byte `at`, that cannot be there.
   * Comes before anything is allocated for them.
   */
  expect(length: number, minBytes: number, at: number = this.offset): void {
    if (minBytes === 0) {
      this.#emptyItems -= length;
      if (this.#emptyItems < 0) {
        throw this.mismatch(
          `length ${length} of items without bytes`,
          `at most ${EMPTY_ITEMS} of them in a message`,
          at,
        );
      }
      return;
    }
    const left = this.bytes.length - this.offset;
    if (length * minBytes > left) {
      const most = Math.floor(left / minBytes);
      throw this.mismatch(`length ${length}`, `at most ${most} (${left} bytes are left)`, at);
    }
  }
}

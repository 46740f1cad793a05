import { Errno } from "../files/errno.ts";
import { decodeUtf8 } from "../files/utf8.ts";
import { WasiError } from "../files/wasi-error.ts";

/** The maximum number of buffers in one call. 1,024 is Linux's IOV_MAX. */
const MAX_BUFFERS = 1024;

/** The size of an `iovec` or `ciovec`: a pointer and a length. */
const IOVEC_BYTES = 8;

/**
 * Checked access to the guest's linear memory. Every pointer and length from the guest goes through
 * {@link range}; the other methods access ranges that it has checked. Addresses and lengths are unsigned.
 */
export class GuestMemory {
  /** The whole memory. Valid during the current call only: {@link refresh} may replace it. */
  bytes: Uint8Array = new Uint8Array();
  #view: DataView = new DataView(this.bytes.buffer);
  #memory: WebAssembly.Memory | undefined;
  readonly #bufferStarts = new Uint32Array(MAX_BUFFERS);
  readonly #bufferLengths = new Uint32Array(MAX_BUFFERS);

  /** Connects the guest's memory. Before that, no address is in range. */
  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
    this.refresh();
  }

  /** Updates the views after the guest may have grown its memory. Runs at the start of every call. */
  refresh(): void {
    const buffer = this.#memory?.buffer;
    if (buffer === undefined || buffer === this.bytes.buffer) return;
    this.bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  /** Returns `pointer`. @throws WasiError EFAULT when `length` bytes from it are not in memory; 0 bytes always are */
  range(pointer: number, length: number): number {
    if (length !== 0 && pointer + length > this.bytes.length) throw new WasiError(Errno.EFAULT);
    return pointer;
  }

  /**
   * Checks and copies the list of `count` buffers at `pointer`. It is copied, because the list itself may
   * be within one of the buffers and change during the call.
   *
   * @returns The total number of bytes in the buffers.
   * @throws WasiError EINVAL (too many buffers, or 2^32 bytes or more), EFAULT
   */
  loadBuffers(pointer: number, count: number): number {
    if (count > MAX_BUFFERS) throw new WasiError(Errno.EINVAL);
    this.range(pointer, count * IOVEC_BYTES);
    let total = 0;
    for (let index = 0; index < count; index++) {
      const start = this.u32(pointer + index * IOVEC_BYTES);
      const length = this.u32(pointer + index * IOVEC_BYTES + 4);
      this.#bufferStarts[index] = this.range(start, length);
      this.#bufferLengths[index] = length;
      total += length;
    }
    if (total > 0xffff_ffff) throw new WasiError(Errno.EINVAL);
    return total;
  }

  /** Returns the address of the loaded buffer `index`. */
  bufferStart(index: number): number {
    return this.#bufferStarts[index] ?? 0;
  }

  /** Returns the size of the loaded buffer `index`. */
  bufferLength(index: number): number {
    return this.#bufferLengths[index] ?? 0;
  }

  /** Reads a path. @throws WasiError EFAULT, ENAMETOOLONG, EILSEQ, EINVAL (it contains a NUL) */
  path(pointer: number, length: number, maxLength: number): string {
    this.range(pointer, length);
    if (length > maxLength) throw new WasiError(Errno.ENAMETOOLONG);
    if (length === 0) return "";
    return decodeUtf8(this.bytes, pointer, length);
  }

  /** Copies `bytes` to the checked range at `address`. */
  write(address: number, bytes: Uint8Array): void {
    if (bytes.length > 0) this.bytes.set(bytes, address);
  }

  u8(address: number): number {
    return this.#view.getUint8(address);
  }

  u16(address: number): number {
    return this.#view.getUint16(address, true);
  }

  u32(address: number): number {
    return this.#view.getUint32(address, true);
  }

  u64(address: number): bigint {
    return this.#view.getBigUint64(address, true);
  }

  setU8(address: number, value: number): void {
    this.#view.setUint8(address, value);
  }

  setU16(address: number, value: number): void {
    this.#view.setUint16(address, value, true);
  }

  setU32(address: number, value: number): void {
    this.#view.setUint32(address, value, true);
  }

  setU64(address: number, value: bigint): void {
    this.#view.setBigUint64(address, value, true);
  }

  /** Writes an integer of at most 2^53 as a `u64`. Faster than {@link setU64}. */
  setU64Number(address: number, value: number): void {
    this.#view.setUint32(address, value, true);
    this.#view.setUint32(address + 4, value / 2 ** 32, true);
  }
}

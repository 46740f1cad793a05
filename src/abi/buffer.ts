/**
 * The ABI's `Buffer`: a byte range of linear memory, packed into one `u64` as `(ptr << 32) | len`.
 *
 * In JavaScript the packed form is the `BigInt` of a Wasm `i64`, which comes back negative when the
 * pointer lies in the upper half of the address space.
 */

/** A byte range in a guest's linear memory. An empty one may have any pointer. */
export interface GuestBuffer {
  /** Byte offset in linear memory, 0 to 2^32 - 1. */
  readonly ptr: number;
  /** Length in bytes, 0 to 2^32 - 1. */
  readonly len: number;
}

/** One packed buffer, as a number and as its halves: through memory that takes a fifth of what BigInt's operators do. */
const packedBuffer = new BigUint64Array(1);
const halves = new Uint32Array(packedBuffer.buffer);

/** The place of the lower half: typed arrays have the machine's order of bytes. */
const LOW: number = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : 1;

/** Packs a range for the guest. Both numbers must be unsigned 32-bit integers. */
export function packBuffer({ ptr, len }: GuestBuffer): bigint {
  halves[LOW] = len;
  halves[1 - LOW] = ptr;
  return packedBuffer[0] as bigint;
}

/** Unpacks what a guest gave; any `i64` is a range, though not always one inside its memory. */
export function unpackBuffer(packed: bigint): GuestBuffer {
  packedBuffer[0] = packed;
  return { ptr: halves[1 - LOW] as number, len: halves[LOW] as number };
}

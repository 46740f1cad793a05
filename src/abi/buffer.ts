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

/** Packs a range for the guest. Both numbers must be unsigned 32-bit integers. */
export function packBuffer({ ptr, len }: GuestBuffer): bigint {
  return (BigInt(ptr) << 32n) | BigInt(len);
}

/** Unpacks what a guest gave; any `i64` is a range, though not always one inside its memory. */
export function unpackBuffer(packed: bigint): GuestBuffer {
  return {
    ptr: Number((packed >> 32n) & 0xffff_ffffn),
    len: Number(packed & 0xffff_ffffn),
  };
}

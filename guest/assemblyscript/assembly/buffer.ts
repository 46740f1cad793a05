/** `__alloc_buffer`: memory for a message that the page writes. */
export function allocateBuffer(length: u32): usize {
  return length ? heap.alloc(length) : 1;
}

/** `__free_buffer`: takes back a message that the page has read. */
export function freeBuffer(buffer: u64): void {
  if (<u32>buffer) heap.free(<usize>(buffer >> 32));
}

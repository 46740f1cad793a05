/** Checks what a rewriter tells of where code has moved. */

import type { RewrittenModule } from "./rewrite-module.ts";

/** The longest that may lie between two pieces: an instruction that was replaced, or a function's size. */
const MAX_GAP_BYTES = 16;

/** @throws unless the pieces are in order, are the same bytes before and after, and nearly all of the code. */
export function checkPieces(original: Uint8Array, { bytes, pieces }: RewrittenModule): void {
  if (pieces === undefined) throw new Error("no pieces");
  for (let at = 0; at + 3 < pieces.length; at += 2) {
    const [to = 0, from = 0, nextTo = 0, next = 0] = pieces.subarray(at, at + 4);
    const length = Math.min(next - from, nextTo - to);
    let same = 0;
    while (same < length && original[from + same] === bytes[to + same]) same += 1;
    if (length > 0 && same > 0 && next - from - same <= MAX_GAP_BYTES) continue;
    throw new Error(`the code at ${from} was not copied to ${to} up to ${next}`);
  }
}

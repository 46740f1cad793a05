/** What a guest has written to stdout and stderr, in the order of its writes. */

import { isBytes, isCount, isListOf } from "./shapes.ts";

/** The descriptor of stdout or stderr. */
export type OutputFd = 1 | 2;

export interface OutputChunk {
  /** The stream that the first bytes were written to. */
  readonly fd: OutputFd;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The positions in `bytes` where the stream switches to the other one, in ascending order. */
  readonly switches: readonly number[];
}

/** Switches between the streams in one chunk: the page calls a listener after each. */
export const MAX_SWITCHES = 512;

export function isOutputChunk(data: Record<string, unknown>): boolean {
  const { fd, bytes, switches } = data;
  if ((fd !== 1 && fd !== 2) || !isBytes(bytes)) return false;
  if (!isListOf(switches, isCount, MAX_SWITCHES)) return false;
  const ends = [...switches, bytes.length];
  return ends.every((end, index) => index === 0 || end >= (ends[index - 1] as number));
}

/** The parts of a chunk, each with the stream that it was written to. */
export function* partsOf({
  fd,
  bytes,
  switches,
}: OutputChunk): Iterable<readonly [fd: OutputFd, bytes: Uint8Array<ArrayBuffer>]> {
  let start = 0;
  let current = fd;
  for (const end of [...switches, bytes.length]) {
    yield [current, bytes.subarray(start, end)];
    start = end;
    current = current === 1 ? 2 : 1;
  }
}

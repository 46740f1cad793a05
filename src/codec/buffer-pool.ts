/** Memory for long messages: to touch fresh memory takes several times as long as to write to it again. */
export interface BufferPool {
  /** A buffer of `least` bytes or more that nobody else has, if there is one. What is in it is old. */
  take(least: number): ArrayBuffer | undefined;
  /** Takes a buffer that nobody else has. */
  give(buffer: ArrayBuffer): void;
}

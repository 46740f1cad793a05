import { DEFAULT_LIMITS, type Limits } from "../limits.ts";

/** The limits that bound one encoding or decoding. */
export type CodecLimits = Pick<Limits, "messageBytes" | "messageItems" | "depth">;

/** `limits`, with the defaults for what it leaves out. */
export function codecLimits(limits: Partial<CodecLimits> = {}): CodecLimits {
  return {
    messageBytes: limits.messageBytes ?? DEFAULT_LIMITS.messageBytes,
    messageItems: limits.messageItems ?? DEFAULT_LIMITS.messageItems,
    depth: limits.depth ?? DEFAULT_LIMITS.depth,
  };
}

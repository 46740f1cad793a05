import { DEFAULT_LIMITS, type Limits } from "../limits.ts";

/** The limits that bound one encoding or decoding. */
export type CodecLimits = Pick<Limits, "messageBytes" | "messageItems" | "valueDepth">;

/** `limits`, with the defaults for what it leaves out. */
export function codecLimits(limits: Partial<CodecLimits> = {}): CodecLimits {
  return {
    messageBytes: limits.messageBytes ?? DEFAULT_LIMITS.messageBytes,
    messageItems: limits.messageItems ?? DEFAULT_LIMITS.messageItems,
    valueDepth: limits.valueDepth ?? DEFAULT_LIMITS.valueDepth,
  };
}

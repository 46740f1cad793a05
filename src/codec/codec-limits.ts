import { DEFAULT_LIMITS, type Limits } from "../limits.ts";

/** The limits that bound one encoding or decoding. */
export type CodecLimits = Pick<Limits, "messageBytes" | "depth">;

/** `limits`, with the defaults for what it leaves out. */
export function codecLimits(limits: Partial<CodecLimits> = {}): CodecLimits {
  const { messageBytes, depth } = DEFAULT_LIMITS;
  return { messageBytes: limits.messageBytes ?? messageBytes, depth: limits.depth ?? depth };
}

import type { Codec } from "../codec.ts";
import { u32, u64 } from "./integers.ts";
import { struct } from "./struct.ts";

/** A span of time, as Rust's `Duration` has it. */
export interface Duration {
  /** Whole seconds, 0 to 2^64 - 1. */
  seconds: bigint;
  /** The rest, 0 to 999,999,999. */
  nanoseconds: number;
}

const NANOSECONDS = 1_000_000_000;
const MAX_SECONDS = 2n ** 64n - 1n;

const parts = struct({ seconds: u64, nanoseconds: u32 });

/**
 * `std::time::Duration`: `{ seconds, nanoseconds }`. A second or more of nanoseconds is refused
 * when encoding; when decoding it is carried over to the seconds, as serde does.
 */
export const duration: Codec<Duration, Readonly<Duration>> = {
  type: { kind: "duration" },
  minBytes: parts.minBytes,
  weight: parts.weight,
  nullable: false,
  encode: (writer, value) => {
    const start = writer.offset;
    parts.encode(writer, value);
    // From the bytes: a getter may give another number now.
    const nanoseconds = writer.u32At(start + 8);
    if (nanoseconds >= NANOSECONDS) {
      const wrong = writer.wrong(nanoseconds, "below 1,000,000,000", start + 8);
      throw writer.within(wrong, "nanoseconds");
    }
  },
  decode: (reader) => {
    const at = reader.offset;
    const { seconds, nanoseconds } = parts.decode(reader);
    if (nanoseconds < NANOSECONDS) return { seconds, nanoseconds };
    const carried = seconds + BigInt(Math.floor(nanoseconds / NANOSECONDS));
    if (carried > MAX_SECONDS) {
      throw reader.mismatch(`${carried} seconds are more than ${MAX_SECONDS}`, at);
    }
    return { seconds: carried, nanoseconds: nanoseconds % NANOSECONDS };
  },
};

import type { Codec } from "../codec.ts";
import { WEIGHTS } from "../weights.ts";

/** `bool`: a boolean, one byte. */
export const bool: Codec<boolean> = {
  type: { kind: "bool" },
  minBytes: 1,
  weight: WEIGHTS.scalar,
  nullable: false,
  encode: (writer, value: unknown) => {
    if (typeof value !== "boolean") throw writer.wrong(value, "bool (a boolean)");
    writer.u8(value ? 1 : 0);
  },
  decode: (reader) => {
    const at = reader.take(1, "bool");
    const byte = reader.bytes[at];
    if (byte === 1) return true;
    if (byte === 0) return false;
    throw reader.mismatch(`byte ${byte} is not bool (0 or 1)`, at);
  },
};

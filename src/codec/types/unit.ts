import type { Codec } from "../codec.ts";
import { WEIGHTS } from "../weights.ts";

/** `()`: `undefined`, no bytes. */
export const unit: Codec<undefined, void> = {
  type: { kind: "unit" },
  minBytes: 0,
  weight: WEIGHTS.item,
  nullable: false,
  encode: (writer, value: unknown) => {
    if (value !== undefined) throw writer.wrong(value, "unit (undefined)");
  },
  decode: () => undefined,
};

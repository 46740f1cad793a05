import { describe, expect, test } from "vitest";
import { checkCodec, checkCodecs } from "./check-codec.ts";
import { t } from "./t.ts";

describe("a list of codecs", () => {
  test("is copied", () => {
    const codecs = [t.u8, t.string];
    const copy = checkCodecs(codecs, "params");
    codecs.pop();
    expect(copy).toEqual([t.u8, t.string]);
  });

  const failing = {
    get encode(): unknown {
      throw new Error("no");
    },
  };

  test.each<[unknown, string]>([
    [undefined, "Invalid params: undefined (must be an array, each item a type made by t)"],
    [t.u8, "Invalid params: Object (must be an array"],
    ["u8", 'Invalid params: string "u8" (must be an array'],
    [[t.u8, t.vec], "Invalid params[1]: function (must be a type made by t)"],
    [[{}], "Invalid params[0]: Object (must be a type made by t)"],
    [Array(1), "Invalid params[0]: undefined (must be a type made by t)"],
    [[failing], "Invalid params[0]: cannot be read (no)"],
  ])("is refused with the place of what is no codec: %#", (codecs, message) => {
    expect(() => checkCodecs(codecs, "params")).toThrow(TypeError);
    expect(() => checkCodecs(codecs, "params")).toThrow(message);
  });

  test("may be of one: null is no codec", () => {
    expect(() => checkCodec(null, "result")).toThrow(
      "Invalid result: null (must be a type made by t)",
    );
  });
});

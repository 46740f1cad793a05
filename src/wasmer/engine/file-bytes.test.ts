import { describe, expect, test } from "vitest";
import { ENGINES } from "./both-engines.test-kit.ts";

const CREATE = 1;

const values: readonly unknown[] = [
  undefined,
  null,
  NaN,
  7,
  true,
  Symbol("bytes"),
  () => {},
  new ArrayBuffer(4),
  new Uint16Array([1, 2]),
  new DataView(new ArrayBuffer(4)),
  [1, 2],
  new Date(),
];

describe.each(ENGINES)("on %s", (_, start) => {
  test.each(values)(
    "a file can't be created from %o, and limits.fileBytes still holds",
    (value) => {
      const { guest, files } = start({ fileBytes: 10 });
      const content = value as Uint8Array;
      files.write("kept", "1234");
      for (const path of ["kept", "new"]) {
        expect(() => files.write(path, content)).toThrow(TypeError);
        expect(() => files.append(path, content)).toThrow(TypeError);
        expect(() => files.load({ [path]: content })).toThrow(TypeError);
      }
      const fake = { length: NaN, byteLength: NaN } as unknown as Uint8Array;
      expect(() => files.append("kept", fake)).toThrow(TypeError);
      expect(files.list("/").map(({ name }) => name)).toEqual(["kept"]);
      expect(files.stat("kept").size).toBe(4);
      files.append("kept", new Uint8Array(6));
      expect(() => files.append("kept", "x")).toThrow("EFBIG");
      expect(() => files.write("new", "x")).toThrow("ENOSPC");
      expect(() => guest.write(guest.open("other", { flags: CREATE }), "x")).toThrow("ENOSPC");
    },
  );

  test.each(["", ".", "..", "a/b", "/a", "a\0", "\ud800"])(
    "a tree with the name %j is rejected",
    (name) => {
      const { files } = start();
      expect(() => files.load({ [name]: "x" })).toThrow(/EINVAL|EILSEQ/);
      expect(() => files.load({ d: { [name]: {} } })).toThrow(/EINVAL|EILSEQ/);
      expect(files.exists("a")).toBe(false);
    },
  );
});

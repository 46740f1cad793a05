import { describe, expect, test } from "vitest";
import { TestGuest } from "../wasi/guest.test-kit.ts";

const CREATE = 1;
const FOLLOW = 1;

function guest(): TestGuest {
  const made = new TestGuest();
  made.files.load({ secret: "secret", base: { file: "content", directory: { inner: "x" } } });
  return made;
}

describe("a path can't leave the directory that it starts from", () => {
  const escapes = [
    "..",
    "../",
    "../secret",
    "../base/file",
    "./../secret",
    "directory/../../secret",
    "directory/./..//../secret",
    "/",
    "/secret",
    "/base/file",
    "//file",
  ];
  test.each(escapes)("rejects %j", (path) => {
    const made = guest();
    const at = made.openDirectory("base");
    for (const flags of [0, CREATE, 2]) {
      expect(() => made.open(path, { at, flags, rights: 0, lookup: FOLLOW })).toThrow("EPERM");
    }
    expect(() => made.stat(path, 0, at)).toThrow("EPERM");
    expect(() => made.mkdir(path, at)).toThrow("EPERM");
    expect(() => made.rmdir(path, at)).toThrow("EPERM");
    expect(() => made.unlink(path, at)).toThrow("EPERM");
    expect(() => made.rename(path, "stolen", at, at)).toThrow("EPERM");
    expect(() => made.rename("file", path, at, at)).toThrow("EPERM");
    expect(() => made.symlink("file", path, at)).toThrow("EPERM");
    expect(() => made.readlink(path, 10, at)).toThrow("EPERM");
  });

  test("rejects a path above the preopen", () => {
    expect(() => guest().open("..")).toThrow("EPERM");
    expect(() => guest().open("base/../../secret")).toThrow("EPERM");
  });

  test.each(["..", "../secret", "directory/../../secret", "../../../secret"])(
    "rejects a link to %j",
    (target) => {
      const made = guest();
      const at = made.openDirectory("base");
      made.symlink(target, "link", at);
      expect(() => made.open("link", { at, lookup: FOLLOW, rights: 0 })).toThrow("EPERM");
      expect(() => made.open("link/", { at, rights: 0 })).toThrow("EPERM");
      expect(() => made.open("link/secret", { at, rights: 0 })).toThrow("EPERM");
      expect(() => made.stat("link", FOLLOW, at)).toThrow("EPERM");
      expect(() => made.mkdir("link/new", at)).toThrow("EPERM");
      expect(() => made.open("link/new", { at, flags: CREATE })).toThrow("EPERM");
    },
  );

  test("rejects links to links that lead out", () => {
    const made = guest();
    const at = made.openDirectory("base");
    made.symlink("directory/second", "first", at);
    made.symlink("../third", "directory/second", at);
    made.symlink("../secret", "third", at);
    expect(() => made.open("first", { at, lookup: FOLLOW })).toThrow("EPERM");
  });

  test("does not create a file through a dangling link that leads out", () => {
    const made = guest();
    const at = made.openDirectory("base");
    made.symlink("../new", "link", at);
    expect(() => made.open("link", { at, lookup: FOLLOW, flags: CREATE })).toThrow("EPERM");
    expect(made.files.exists("new")).toBe(false);
  });

  test("rejects `..` after the directory was moved", () => {
    const made = guest();
    const at = made.openDirectory("base/directory");
    made.rename("base/directory", "directory");
    expect(made.read(made.open("inner", { at }), 9)).toBe("x");
    expect(() => made.open("../secret", { at })).toThrow("EPERM");
    made.mkdir("deep", at);
    const deep = made.openDirectory("deep", { at });
    made.rename("deep", "base/deep", at);
    expect(() => made.open("../file", { at: deep })).toThrow("EPERM");
    expect(() => made.open("../../secret", { at: deep })).toThrow("EPERM");
  });

  test("allows `..` within it, also through links", () => {
    const made = guest();
    const at = made.openDirectory("base");
    made.symlink("../file", "directory/up", at);
    const path = "directory/.//../directory/../directory///./up";
    expect(made.read(made.open(path, { at, lookup: FOLLOW }), 9)).toBe("content");
    expect(made.stat("directory/..", 0, at).ino).toBe(made.stat("base").ino);
  });
});

describe("links", () => {
  test("are followed 40 times and fail at 41", () => {
    const made = guest();
    made.symlink("secret", "link-1");
    for (let count = 2; count <= 41; count++) made.symlink(`link-${count - 1}`, `link-${count}`);
    expect(made.stat("link-40", FOLLOW).type).toBe(4);
    expect(() => made.stat("link-41", FOLLOW)).toThrow("ELOOP");
    expect(made.stat("link-41").type).toBe(7);
  });

  test("in a loop fail", () => {
    const made = guest();
    made.symlink("loop", "loop");
    made.symlink("two", "one");
    made.symlink("one", "two");
    for (const path of ["loop", "one", "loop/x", "one/"]) {
      expect(() => made.stat(path, FOLLOW)).toThrow("ELOOP");
    }
    expect(() => made.open("loop")).toThrow("ELOOP");
  });

  test("whose expansion grows with each step fail", () => {
    const made = guest();
    made.symlink("grow/grow/grow", "grow");
    expect(() => made.stat("grow", FOLLOW)).toThrow("ELOOP");
  });

  test("may be followed by a slash", () => {
    const made = guest();
    made.symlink("base/", "directory");
    made.symlink("secret/", "file");
    expect(made.stat("directory", FOLLOW).type).toBe(3);
    expect(made.stat("directory/file").type).toBe(4);
    expect(() => made.stat("file", FOLLOW)).toThrow("ENOTDIR");
  });
});

describe("paths", () => {
  test("must be valid UTF-8", () => {
    const made = guest();
    made.open("naïve 🙂", { flags: CREATE });
    expect(made.names(".")).toContain("naïve 🙂");
    for (const bytes of [[0xff], [0x66, 0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf8, 0x88]]) {
      expect(() => made.open(Uint8Array.from(bytes), { flags: CREATE })).toThrow("EILSEQ");
    }
  });

  test("must not contain a NUL", () => {
    const made = guest();
    expect(() => made.open("secret\0")).toThrow("EINVAL");
    expect(() => made.open(`${"a".repeat(60)}\0`)).toThrow("EINVAL");
    expect(() => made.open("\0")).toThrow("EINVAL");
  });

  test("must not be empty", () => {
    expect(() => guest().stat("")).toThrow("ENOENT");
  });

  test("must lead through directories only", () => {
    const made = guest();
    expect(() => made.stat("secret/x")).toThrow("ENOTDIR");
    expect(() => made.stat("secret/.")).toThrow("ENOTDIR");
    expect(() => made.stat("secret/..")).toThrow("ENOTDIR");
    expect(() => made.stat("secret/")).toThrow("ENOTDIR");
    expect(() => made.stat("missing/..")).toThrow("ENOENT");
    expect(made.stat("base//").type).toBe(3);
  });

  test("keep a byte order mark", () => {
    const made = guest();
    made.open("\ufeffmark", { flags: CREATE });
    expect(made.names(".")).toContain("\ufeffmark");
  });
});

describe("limits", () => {
  test("allow a name of 255 bytes and reject 256", () => {
    const made = guest();
    for (const [fits, over] of [
      ["a".repeat(255), "a".repeat(256)],
      ["é".repeat(127), "é".repeat(128)],
    ] as const) {
      made.open(fits, { flags: CREATE });
      expect(() => made.open(over, { flags: CREATE })).toThrow("ENAMETOOLONG");
      expect(() => made.stat(`${over}/x`)).toThrow("ENAMETOOLONG");
    }
  });

  test("allow a path of 4,096 bytes and reject 4,097", () => {
    const made = guest();
    const slashes = "/".repeat(4096 - "base".length);
    expect(made.stat(`base${slashes}`).type).toBe(3);
    expect(() => made.stat(`base${slashes}/`)).toThrow("ENAMETOOLONG");
  });

  test("apply to the target of a link as to a path", () => {
    const made = guest();
    made.symlink("a".repeat(4096), "fits");
    expect(made.readlink("fits")).toHaveLength(4096);
    expect(() => made.symlink("a".repeat(4097), "over")).toThrow("ENAMETOOLONG");
  });
});

test("__proto__ and similar names are ordinary file names", () => {
  const made = guest();
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    expect(() => made.stat(name)).toThrow("ENOENT");
    made.mkdir(name);
    made.open(`${name}/polluted`, { flags: CREATE });
  }
  expect("polluted" in {}).toBe(false);
  const { base: _base, secret: _secret, ...rest } = made.files.snapshot();
  expect(Object.keys(rest)).toEqual(["__proto__", "constructor", "toString", "hasOwnProperty"]);
});

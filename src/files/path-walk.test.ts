import { describe, expect, test } from "vitest";
import { TestGuest } from "../wasi/guest.test-kit.ts";

const CREATE = 1;
const FOLLOW = 1;

function guest(): TestGuest {
  const made = new TestGuest();
  made.files.load({ secret: "secret", base: { file: "content", directory: { inner: "x" } } });
  return made;
}

describe("no path leaves the directory that it starts from", () => {
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
  test.each(escapes)("not %j", (path) => {
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

  test("not above the preopen", () => {
    expect(() => guest().open("..")).toThrow("EPERM");
    expect(() => guest().open("base/../../secret")).toThrow("EPERM");
  });

  test.each(["..", "../secret", "directory/../../secret", "../../../secret"])(
    "not through a link to %j",
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

  test("not through links that lead to links", () => {
    const made = guest();
    const at = made.openDirectory("base");
    made.symlink("directory/second", "first", at);
    made.symlink("../third", "directory/second", at);
    made.symlink("../secret", "third", at);
    expect(() => made.open("first", { at, lookup: FOLLOW })).toThrow("EPERM");
  });

  test("not by CREAT through a dangling link", () => {
    const made = guest();
    const at = made.openDirectory("base");
    made.symlink("../new", "link", at);
    expect(() => made.open("link", { at, lookup: FOLLOW, flags: CREATE })).toThrow("EPERM");
    expect(made.files.exists("new")).toBe(false);
  });

  test("not after the directory was moved", () => {
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

  test("but `..` within it is fine, also through links", () => {
    const made = guest();
    const at = made.openDirectory("base");
    made.symlink("../file", "directory/up", at);
    const path = "directory/.//../directory/../directory///./up";
    expect(made.read(made.open(path, { at, lookup: FOLLOW }), 9)).toBe("content");
    expect(made.stat("directory/..", 0, at).ino).toBe(made.stat("base").ino);
  });
});

describe("links", () => {
  test("are followed 40 times, not 41", () => {
    const made = guest();
    made.symlink("secret", "link-1");
    for (let count = 2; count <= 41; count++) made.symlink(`link-${count - 1}`, `link-${count}`);
    expect(made.stat("link-40", FOLLOW).type).toBe(4);
    expect(() => made.stat("link-41", FOLLOW)).toThrow("ELOOP");
    expect(made.stat("link-41").type).toBe(7);
  });

  test("in a circle end in an error", () => {
    const made = guest();
    made.symlink("loop", "loop");
    made.symlink("two", "one");
    made.symlink("one", "two");
    for (const path of ["loop", "one", "loop/x", "one/"]) {
      expect(() => made.stat(path, FOLLOW)).toThrow("ELOOP");
    }
    expect(() => made.open("loop")).toThrow("ELOOP");
  });

  test("that grow with each step end too", () => {
    const made = guest();
    made.symlink("grow/grow/grow", "grow");
    expect(() => made.stat("grow", FOLLOW)).toThrow("ELOOP");
  });

  test("may end in a slash", () => {
    const made = guest();
    made.symlink("base/", "directory");
    made.symlink("secret/", "file");
    expect(made.stat("directory", FOLLOW).type).toBe(3);
    expect(made.stat("directory/file").type).toBe(4);
    expect(() => made.stat("file", FOLLOW)).toThrow("ENOTDIR");
  });
});

describe("paths", () => {
  test("are bytes in UTF-8", () => {
    const made = guest();
    made.open("naïve 🙂", { flags: CREATE });
    expect(made.names(".")).toContain("naïve 🙂");
    for (const bytes of [[0xff], [0x66, 0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf8, 0x88]]) {
      expect(() => made.open(Uint8Array.from(bytes), { flags: CREATE })).toThrow("EILSEQ");
    }
  });

  test("have no NUL in them", () => {
    const made = guest();
    expect(() => made.open("secret\0")).toThrow("EINVAL");
    expect(() => made.open(`${"a".repeat(60)}\0`)).toThrow("EINVAL");
    expect(() => made.open("\0")).toThrow("EINVAL");
  });

  test("are not empty", () => {
    expect(() => guest().stat("")).toThrow("ENOENT");
  });

  test("lead through directories only", () => {
    const made = guest();
    expect(() => made.stat("secret/x")).toThrow("ENOTDIR");
    expect(() => made.stat("secret/.")).toThrow("ENOTDIR");
    expect(() => made.stat("secret/..")).toThrow("ENOTDIR");
    expect(() => made.stat("secret/")).toThrow("ENOTDIR");
    expect(() => made.stat("missing/..")).toThrow("ENOENT");
    expect(made.stat("base//").type).toBe(3);
  });

  test("that start with a byte order mark keep it", () => {
    const made = guest();
    made.open("\ufeffmark", { flags: CREATE });
    expect(made.names(".")).toContain("\ufeffmark");
  });
});

describe("limits", () => {
  test("255 bytes are a name, 256 are too long", () => {
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

  test("4,096 bytes are a path, 4,097 are too long", () => {
    const made = guest();
    const slashes = "/".repeat(4096 - "base".length);
    expect(made.stat(`base${slashes}`).type).toBe(3);
    expect(() => made.stat(`base${slashes}/`)).toThrow("ENAMETOOLONG");
  });

  test("a link's target is a path", () => {
    const made = guest();
    made.symlink("a".repeat(4096), "fits");
    expect(made.readlink("fits")).toHaveLength(4096);
    expect(() => made.symlink("a".repeat(4097), "over")).toThrow("ENAMETOOLONG");
  });
});

test("__proto__ and its kin are names like any other", () => {
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

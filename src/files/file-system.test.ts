import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { TestClock, TestGuest } from "../wasi/guest.test-kit.ts";
import type { FileNode } from "./file-node.ts";
import { FileSystem } from "./file-system.ts";
import type { PlainFiles } from "./file-tree.ts";
import { WasiError } from "./wasi-error.ts";

function fileSystem(limits: Partial<Limits> = {}): FileSystem {
  return new FileSystem({ limits: { ...DEFAULT_LIMITS, ...limits }, clock: new TestClock() });
}

function text(files: FileSystem, path: string): string {
  return new TextDecoder().decode(files.read(path));
}

describe("the page", () => {
  test("writes, appends and reads text and bytes", () => {
    const files = fileSystem();
    files.write("/a", "hello");
    files.append("a", Uint8Array.of(33));
    files.append("/b", "new");
    expect(text(files, "a")).toBe("hello!");
    expect(text(files, "//b")).toBe("new");
    files.write("a", "x");
    expect(text(files, "a")).toBe("x");
  });

  test("copies the bytes that it reads and writes", () => {
    const files = fileSystem();
    const bytes = Uint8Array.of(1, 2);
    files.write("a", bytes);
    bytes[0] = 9;
    files.read("a")[1] = 9;
    expect([...files.read("a")]).toEqual([1, 2]);
  });

  test("lists names with their types", () => {
    const files = fileSystem();
    files.load({ b: "", a: {} });
    files.symlink("b", "c");
    expect(files.list("/")).toEqual([
      { name: "b", type: "file" },
      { name: "a", type: "directory" },
      { name: "c", type: "link" },
    ]);
    expect(files.list("a")).toEqual([]);
    expect(() => files.list("b")).toThrow("ENOTDIR");
  });

  test("stats a path and follows symbolic links", () => {
    const files = fileSystem();
    files.load({ file: "12345", directory: {} });
    files.symlink("file", "link");
    const modifiedMs = 1_700_000_000_000;
    expect(files.stat("link")).toEqual({ type: "file", size: 5, modifiedMs });
    expect(files.stat("directory")).toEqual({ type: "directory", size: 0, modifiedMs });
  });

  test("checks whether a path exists", () => {
    const files = fileSystem();
    files.load({ file: "" });
    files.symlink("missing", "dangling");
    files.symlink("loop", "loop");
    const found = ["", "/", "file", "missing", "file/x", "dangling", "loop", "../x"].filter(
      (path) => files.exists(path),
    );
    expect(found).toEqual(["", "/", "file"]);
    expect(() => files.exists("a\0b")).toThrow("EINVAL");
  });

  test("creates a directory, with its parents if asked to", () => {
    const files = fileSystem();
    files.mkdir("a");
    expect(() => files.mkdir("a")).toThrow("EEXIST");
    expect(() => files.mkdir("b/c")).toThrow("ENOENT");
    files.mkdir("/b/c/d/", { recursive: true });
    files.mkdir("b/c", { recursive: true });
    files.mkdir("/", { recursive: true });
    expect(files.stat("b/c/d").type).toBe("directory");
    files.write("file", "");
    expect(() => files.mkdir("file/x", { recursive: true })).toThrow("ENOTDIR");
  });

  test("removes files, links and directories", () => {
    const files = fileSystem();
    files.load({ file: "", directory: { a: { b: "" }, c: "" }, empty: {}, other: "" });
    files.symlink("other", "link");
    files.symlink("../other", "directory/link");
    files.remove("file");
    files.remove("link");
    files.remove("empty");
    expect(() => files.remove("directory")).toThrow("ENOTEMPTY");
    files.remove("directory/", { recursive: true });
    expect(() => files.remove("missing")).toThrow("ENOENT");
    files.remove("missing", { recursive: true });
    expect(() => files.remove("/", { recursive: true })).toThrow("EBUSY");
    expect(Object.keys(files.snapshot())).toEqual(["other"]);
  });

  test("renames", () => {
    const files = fileSystem();
    files.load({ a: "1", b: "2", directory: {} });
    files.rename("a", "/directory/a");
    files.rename("/directory/a", "b");
    expect(text(files, "b")).toBe("1");
    expect(() => files.rename("directory", "directory/x")).toThrow("EINVAL");
  });

  test("gets errors with their path and code", () => {
    const files = fileSystem();
    const failures: [() => unknown, string, string][] = [
      [() => files.read("/missing"), "ENOENT", "/missing"],
      [() => files.read("/"), "EISDIR", "/"],
      [() => files.write("/", ""), "EISDIR", "/"],
      [() => files.write("no/where", ""), "ENOENT", "no/where"],
      [() => files.read("../up"), "EPERM", "../up"],
      [() => files.rename("x", "/y"), "ENOENT", "/y"],
      [() => files.read("half \ud800"), "EILSEQ", "half \ud800"],
      [() => files.write("a".repeat(256), ""), "ENAMETOOLONG", "a".repeat(256)],
      [() => files.write(`${"/".repeat(4096)}a`, ""), "ENAMETOOLONG", `${"/".repeat(4096)}a`],
    ];
    for (const [fail, code, path] of failures) {
      expect(fail).toThrow(WasiError);
      expect(fail).toThrow(expect.objectContaining({ code, path }));
    }
  });
});

describe("trees", () => {
  test("are loaded into a directory and replace its files", () => {
    const files = fileSystem();
    files.load({ a: "old", keep: "kept", d: { x: "1" } });
    files.load({ a: "new", d: { y: Uint8Array.of(0x32) } });
    files.load({ deep: { z: "3" } }, "/made/on/the/way");
    expect(text(files, "a")).toBe("new");
    expect(text(files, "keep")).toBe("kept");
    expect(files.list("d").map(({ name }) => name)).toEqual(["x", "y"]);
    expect(text(files, "made/on/the/way/deep/z")).toBe("3");
  });

  test("fail to replace a file with a directory, and the reverse", () => {
    const files = fileSystem();
    files.load({ file: "", directory: {} });
    expect(() => files.load({ file: {} })).toThrow("ENOTDIR");
    expect(() => files.load({ directory: "" })).toThrow("EISDIR");
  });

  test.each(["", ".", "..", "a/b", "../up", "/", "a\0"])(
    "are rejected with the name %j",
    (name) => {
      expect(() => fileSystem().load({ [name]: "x" })).toThrow("EINVAL");
    },
  );

  test.each([5, null, undefined, new ArrayBuffer(1), [1], new Map()])("hold no %o", (content) => {
    const tree = { file: content } as unknown as PlainFiles;
    expect(() => fileSystem().load(tree)).toThrow(TypeError);
  });

  test("are returned as bytes, with copies of files in place of links to them", () => {
    const files = fileSystem();
    files.load({ a: "1", d: { b: "2" }, out: "3" });
    files.symlink("../a", "d/up");
    files.symlink("b", "d/same");
    files.symlink("d", "directory");
    files.symlink("missing", "dangling");
    const one = Uint8Array.of(0x31);
    const two = Uint8Array.of(0x32);
    const three = Uint8Array.of(0x33);
    expect({ ...files.snapshot() }).toEqual({
      a: one,
      d: Object.assign(Object.create(null), { b: two, up: one, same: two }),
      out: three,
    });
    expect({ ...files.snapshot("d") }).toEqual({ b: two, same: two });
    expect(() => files.snapshot("a")).toThrow("ENOTDIR");
  });

  test("are copied up to limits.fileBytes, copies for links included", () => {
    const files = fileSystem({ fileBytes: 8 });
    files.load({ a: "1234" });
    files.symlink("a", "again");
    expect(Object.keys(files.snapshot())).toEqual(["a", "again"]);
    files.symlink("a", "and again");
    expect(() => files.snapshot()).toThrow("EFBIG");
  });

  test("are not copied when they are larger than a message may be", () => {
    const files = fileSystem({ fileBytes: 2 ** 33 });
    files.write("large", "");
    const { found } = files.tree.find(files.tree.root, "large", "follow");
    const size = 2 ** 31 - 2 ** 21 + 1;
    (found as FileNode).resize(size);
    expect(() => files.read("large")).toThrow("EFBIG");
    expect(() => files.snapshot()).toThrow("EFBIG");
    expect(files.stat("large").size).toBe(size);
  });

  test("returned by snapshot can be loaded elsewhere", () => {
    const files = fileSystem();
    files.load({ d: { e: { f: "x" } } });
    const other = fileSystem();
    other.load(files.snapshot());
    expect(text(other, "d/e/f")).toBe("x");
  });
});

describe("limits", () => {
  test("allow 100 bytes in all files and reject 101", () => {
    const files = fileSystem({ fileBytes: 100 });
    files.write("a", new Uint8Array(60));
    files.write("b", new Uint8Array(40));
    expect(() => files.append("a", "x")).toThrow("ENOSPC");
    expect(() => files.write("c", "x")).toThrow("ENOSPC");
    expect(() => files.write("a", new Uint8Array(61))).toThrow("ENOSPC");
    expect(() => files.write("a", new Uint8Array(101))).toThrow("EFBIG");
    expect(files.stat("a").size).toBe(60);
    files.remove("b");
    files.append("a", new Uint8Array(40));
    files.remove("a");
    files.write("c", new Uint8Array(100));
  });

  test("count the targets of links as bytes", () => {
    const files = fileSystem({ fileBytes: 5 });
    files.symlink("12345", "a");
    expect(() => files.symlink("x", "b")).toThrow("ENOSPC");
    expect(files.exists("b")).toBe(false);
    files.remove("a");
    files.symlink("54321", "a");
  });

  test("allow four names of any type and reject a fifth", () => {
    const files = fileSystem({ inodes: 4 });
    files.load({ file: "", directory: { inner: "" } });
    files.symlink("file", "link");
    expect(() => files.write("fifth", "")).toThrow("ENOSPC");
    expect(() => files.mkdir("fifth")).toThrow("ENOSPC");
    expect(() => files.symlink("file", "fifth")).toThrow("ENOSPC");
    files.rename("file", "directory/inner");
    files.write("fourth", "");
    expect(() => files.write("fifth", "")).toThrow("ENOSPC");
  });

  test("count hard links as names", () => {
    const guest = new TestGuest({ inodes: 2 });
    guest.open("file", { flags: 1 });
    guest.link("file", "second");
    expect(() => guest.link("file", "third")).toThrow("ENOSPC");
    guest.unlink("file");
    guest.link("second", "third");
  });

  test("count the bytes of an unlinked file until it is closed", () => {
    const guest = new TestGuest({ fileBytes: 10 });
    const fd = guest.open("file", { flags: 1 });
    const second = guest.open("file");
    guest.write(fd, "0123456789");
    guest.unlink("file");
    guest.close(fd);
    expect(() => guest.files.write("other", "x")).toThrow("ENOSPC");
    guest.close(second);
    guest.files.write("other", "0123456789");
  });

  test("allow three nested directories and reject a fourth", () => {
    const files = fileSystem({ directoryDepth: 3 });
    files.mkdir("a/b/c", { recursive: true });
    expect(() => files.mkdir("a/b/c/d")).toThrow("ENAMETOOLONG");
    files.write("a/b/c/file", "");
    files.mkdir("x/y", { recursive: true });
    expect(() => files.rename("x", "a/b/x")).toThrow("ENAMETOOLONG");
    files.rename("x", "a/x");
    expect(() => files.load({ 1: { 2: { 3: { 4: {} } } } })).toThrow("ENAMETOOLONG");
  });

  test("of Infinity still end a file at 64 GiB", () => {
    const guest = new TestGuest({ fileBytes: Number.POSITIVE_INFINITY });
    const fd = guest.open("file", { flags: 1 });
    expect(guest.call("fd_filestat_set_size", fd, 2n ** 36n)).toBe("SUCCESS");
    expect(guest.pread(fd, 2, 2n ** 36n - 2n)).toBe("\0\0");
    guest.pwrite(fd, "x", 2n ** 36n - 1n);
    expect(guest.pread(fd, 2, 2n ** 36n - 2n)).toBe("\0x");
    expect(guest.call("fd_filestat_set_size", fd, 2n ** 36n + 1n)).toBe("EFBIG");
  });
});

import { describe, expect, test } from "vitest";
import { Rights, TestGuest } from "../wasi/guest.test-kit.ts";

const CREATE = 1;
const READ = { rights: Rights.FD_READ };

describe("a mount", () => {
  test("is visible at once, also through a directory that was already open", () => {
    const guest = new TestGuest();
    guest.mkdir("data");
    const before = guest.openDirectory(".");
    guest.files.mount("/data", { file: "mounted" });
    expect(guest.read(guest.open("data/file", { at: before }), 9)).toBe("mounted");
    expect(guest.names("data")).toEqual([".", "..", "file"]);
    expect(guest.stat("data/..").ino).toBe(guest.stat(".").ino);
    expect(guest.names(".")).toContain("data");
  });

  test("creates its mount point and removes it again", () => {
    const guest = new TestGuest();
    const mount = guest.files.mount("a/b", { file: "" });
    expect(guest.stat("a/b/file").type).toBe(4);
    mount.unmount();
    mount.unmount();
    expect(guest.names("a")).toEqual([".", ".."]);
  });

  test("hides what was there until it is unmounted", () => {
    const guest = new TestGuest();
    guest.files.load({ data: { old: "old" } });
    const mount = guest.files.mount("data", { new: "new" });
    expect(guest.names("data")).toEqual([".", "..", "new"]);
    mount.unmount();
    expect(guest.names("data")).toEqual([".", "..", "old"]);
  });

  test("is writable without changing the tree it was made from", () => {
    const guest = new TestGuest();
    guest.files.mount("data", { file: "" });
    guest.write(guest.open("data/file"), "more");
    guest.mkdir("data/deep");
    expect(new TextDecoder().decode(guest.files.read("data/file"))).toBe("more");
    expect(guest.stat("data/deep").dev).not.toBe(guest.stat(".").dev);
  });

  test("is rejected on a file and on the root", () => {
    const guest = new TestGuest();
    guest.files.load({ file: "" });
    expect(() => guest.files.mount("file", {})).toThrow("ENOTDIR");
    expect(() => guest.files.mount("file/x", {})).toThrow("ENOTDIR");
    expect(() => guest.files.mount("/", {})).toThrow("EBUSY");
  });

  test("can't be removed, moved or replaced by the guest", () => {
    const guest = new TestGuest();
    guest.files.mount("data", {});
    guest.mkdir("other");
    expect(() => guest.rmdir("data")).toThrow("EBUSY");
    expect(() => guest.rename("data", "moved")).toThrow("EBUSY");
    expect(() => guest.rename("other", "data")).toThrow("EBUSY");
    expect(() => guest.files.remove("data", { recursive: true })).toThrow("EBUSY");
  });

  test("moves with the directory that contains it", () => {
    const guest = new TestGuest();
    const mount = guest.files.mount("a/data", { file: "" });
    guest.rename("a", "b");
    expect(guest.stat("b/data/file").type).toBe(4);
    mount.unmount();
    expect(guest.names("b")).toEqual([".", ".."]);
  });

  test("rejects hard links and renames across its edge", () => {
    const guest = new TestGuest();
    guest.files.load({ file: "", directory: {} });
    guest.files.mount("data", { inner: "" });
    expect(() => guest.rename("file", "data/file")).toThrow("EXDEV");
    expect(() => guest.rename("data/inner", "inner")).toThrow("EXDEV");
    expect(() => guest.rename("directory", "data/directory")).toThrow("EXDEV");
    expect(() => guest.link("file", "data/file")).toThrow("EXDEV");
    expect(() => guest.link("data/inner", "inner")).toThrow("EXDEV");
  });

  test("is reached by symbolic links, but they can't leave the guest's directory", () => {
    const guest = new TestGuest();
    guest.files.load({ file: "outer" });
    guest.files.mount("data", { inner: "inner" });
    guest.symlink("../file", "data/up");
    guest.symlink("data/inner", "down");
    expect(guest.read(guest.open("data/up", { lookup: 1 }), 9)).toBe("outer");
    expect(guest.read(guest.open("down", { lookup: 1 }), 9)).toBe("inner");
    const at = guest.openDirectory("data");
    expect(() => guest.open("up", { at, lookup: 1 })).toThrow("EPERM");
    expect(() => guest.open("../file", { at })).toThrow("EPERM");
  });
});

describe("a read-only mount", () => {
  function guest(): TestGuest {
    const made = new TestGuest();
    made.files.load({ file: "outer" });
    made.files.mount("ro", { file: "content", directory: { inner: "" } }, { readOnly: true });
    made.symlink("ro/file", "link");
    made.symlink("ro", "directory-link");
    return made;
  }

  test("can be read", () => {
    const made = guest();
    expect(made.read(made.open("ro/file", READ), 9)).toBe("content");
    expect(made.names("ro")).toEqual([".", "..", "file", "directory"]);
  });

  test.each(["ro", "directory-link"])("rejects every change through %s", (base) => {
    const made = guest();
    const path = (name: string) => `${base}/${name}`;
    expect(() => made.open(path("file"))).toThrow("EROFS");
    expect(() => made.open(path("file"), { ...READ, flags: 8 })).toThrow("EROFS");
    expect(() => made.open(path("new"), { ...READ, flags: CREATE })).toThrow("EROFS");
    expect(() => made.mkdir(path("new"))).toThrow("EROFS");
    expect(() => made.unlink(path("file"))).toThrow("EROFS");
    expect(() => made.rmdir(path("directory/"))).toThrow("ENOTEMPTY");
    expect(() => made.unlink(path("directory/inner"))).toThrow("EROFS");
    expect(() => made.symlink("x", path("new"))).toThrow("EROFS");
    expect(() => made.link(path("file"), path("new"))).toThrow("EROFS");
    expect(() => made.rename(path("file"), path("new"))).toThrow("EROFS");
    expect(() => made.rename(path("file"), path("file"))).toThrow("EROFS");
    expect(() => made.link("file", path("new"))).toThrow("EROFS");
    expect(() => made.rename("file", path("new"))).toThrow("EXDEV");
    expect(() => made.link(path("file"), "new")).toThrow("EXDEV");
    const times = made.put(path("file"));
    expect(made.call("path_filestat_set_times", 3, 0, ...times, 0n, 0n, 5)).toBe("EROFS");
  });

  test("rejects changes through a link to a file in it and through descriptors", () => {
    const made = guest();
    expect(() => made.open("link", { lookup: 1 })).toThrow("EROFS");
    const rights = Rights.FD_READ | Rights.FD_ALLOCATE | Rights.FD_FILESTAT_SET_SIZE | 0x80_0000;
    const fd = made.open("link", { lookup: 1, rights });
    expect(made.call("fd_allocate", fd, 0n, 100n)).toBe("EROFS");
    expect(made.call("fd_filestat_set_size", fd, 0n)).toBe("EROFS");
    expect(made.call("fd_filestat_set_times", fd, 0n, 0n, 5)).toBe("EROFS");
    const before = made.stat("ro/file");
    made.clock.timeNs += 5n;
    made.read(fd, 3);
    expect(made.stat("ro/file")).toEqual(before);
  });

  test("rejects changes by the page", () => {
    const made = guest();
    expect(() => made.files.write("ro/file", "")).toThrow("EROFS");
    expect(() => made.files.append("ro/file", "x")).toThrow("EROFS");
    expect(() => made.files.remove("ro/directory", { recursive: true })).toThrow("EROFS");
    expect(() => made.files.load({ new: "" }, "ro")).toThrow("EROFS");
  });
});

describe("unmounting", () => {
  test("makes open descriptors stale, which can only be closed", () => {
    const guest = new TestGuest();
    const mount = guest.files.mount("data", { file: "content", directory: {} });
    const file = guest.open("data/file");
    const directory = guest.openDirectory("data/directory");
    mount.unmount();
    expect(() => guest.read(file, 1)).toThrow("ESTALE");
    expect(() => guest.write(file, "x")).toThrow("ESTALE");
    expect(() => guest.fstat(file)).toThrow("ESTALE");
    expect(() => guest.readdir(directory)).toThrow("ESTALE");
    expect(() => guest.open("x", { at: directory, flags: CREATE })).toThrow("ESTALE");
    guest.close(file);
    guest.close(directory);
    expect(() => guest.close(file)).toThrow("EBADF");
  });

  test("frees what the mount used, open unlinked files included", () => {
    const guest = new TestGuest({ fileBytes: 10, inodes: 3 });
    const mount = guest.files.mount("data", { a: "12345", b: "67890" });
    expect(() => guest.files.write("x", "")).toThrow("ENOSPC");
    const fd = guest.open("data/a");
    guest.unlink("data/a");
    expect(() => guest.files.write("data/c", "x")).toThrow("ENOSPC");
    mount.unmount();
    guest.close(fd);
    guest.files.load({ a: "1234567890", b: "", c: "" });
    expect(() => guest.files.write("d", "")).toThrow("ENOSPC");
  });

  test("unmounts the mounts within too", () => {
    const guest = new TestGuest();
    const outer = guest.files.mount("outer", { file: "" });
    const inner = guest.files.mount("outer/inner", { file: "" });
    const fd = guest.open("outer/inner/file");
    outer.unmount();
    inner.unmount();
    expect(() => guest.read(fd, 1)).toThrow("ESTALE");
    expect(guest.names(".")).toEqual([".", ".."]);
  });

  test("works in any order for mounts on the same directory", () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [1, 0, 2],
    ]) {
      const guest = new TestGuest();
      guest.files.load({ data: { original: "" } });
      const mounts = ["one", "two", "three"].map((name) =>
        guest.files.mount("data", { [name]: "" }),
      );
      expect(guest.names("data")).toContain("three");
      for (const index of order) mounts[index]?.unmount();
      expect(guest.names("data")).toEqual([".", "..", "original"]);
    }
  });

  test("has nothing left to free when mounting failed", () => {
    const guest = new TestGuest({ fileBytes: 10 });
    expect(() => guest.files.mount("data", { a: "12345", b: "678901" })).toThrow("ENOSPC");
    expect(guest.files.exists("data")).toBe(false);
    guest.files.write("file", "1234567890");
  });
});

import { describe, expect, test } from "vitest";
import { TestGuest } from "../guest.test-kit.ts";
import { ALL_RIGHTS, Rights } from "../rights.ts";

const FOLLOW = 1;

function guest(): TestGuest {
  const made = new TestGuest();
  made.files.load({ file: "content", other: "other", directory: { inner: "x" }, empty: {} });
  made.symlink("file", "link");
  made.symlink("directory", "directory-link");
  made.symlink("nowhere", "dangling");
  made.symlink("loop", "loop");
  return made;
}

describe("path_create_directory", () => {
  test("creates a directory, with or without slashes at the end", () => {
    const made = guest();
    made.mkdir("one");
    made.mkdir("one/two///");
    expect(made.stat("one/two").type).toBe(3);
  });

  test("rejects an existing path and a missing parent", () => {
    for (const path of [
      "file",
      "directory",
      "directory/",
      "link",
      "dangling",
      ".",
      "directory/..",
    ]) {
      expect(() => guest().mkdir(path)).toThrow("EEXIST");
    }
    expect(() => guest().mkdir("no/where")).toThrow("ENOENT");
    expect(() => guest().mkdir("file/x")).toThrow("ENOTDIR");
    expect(() => guest().mkdir("")).toThrow("ENOENT");
  });
});

describe("path_remove_directory", () => {
  test("removes an empty directory, with or without slashes at the end", () => {
    const made = guest();
    made.rmdir("empty");
    made.mkdir("empty");
    made.rmdir("empty/");
    expect(made.files.exists("empty")).toBe(false);
  });

  test("rejects everything else", () => {
    expect(() => guest().rmdir("directory")).toThrow("ENOTEMPTY");
    expect(() => guest().rmdir("file")).toThrow("ENOTDIR");
    expect(() => guest().rmdir("file/")).toThrow("ENOTDIR");
    expect(() => guest().rmdir("directory-link")).toThrow("ENOTDIR");
    expect(() => guest().rmdir("directory-link/")).toThrow("ENOTDIR");
    expect(() => guest().rmdir("missing")).toThrow("ENOENT");
    expect(() => guest().rmdir("empty/.")).toThrow("EINVAL");
    expect(() => guest().rmdir(".")).toThrow("EINVAL");
  });

  test("leaves an open directory empty and closed to new entries", () => {
    const made = guest();
    const at = made.openDirectory("empty");
    made.rmdir("empty");
    expect(made.readdir(at).entries.map(({ name }) => name)).toEqual([".", ".."]);
    expect(made.fstat(at).links).toBe(0n);
    expect(() => made.open("new", { at, flags: 1 })).toThrow("ENOENT");
    expect(() => made.mkdir("new", at)).toThrow("ENOENT");
    expect(() => made.symlink("x", "new", at)).toThrow("ENOENT");
    expect(() => made.rename("file", "new", 3, at)).toThrow("ENOENT");
  });
});

describe("path_unlink_file", () => {
  test("removes files and links, not the targets of links", () => {
    const made = guest();
    made.unlink("link");
    made.unlink("directory-link");
    made.unlink("dangling");
    made.unlink("loop");
    made.unlink("directory/inner");
    expect(made.names(".").sort()).toEqual([".", "..", "directory", "empty", "file", "other"]);
  });

  test("rejects directories, and files followed by a slash", () => {
    expect(() => guest().unlink("directory")).toThrow("EISDIR");
    expect(() => guest().unlink("directory/")).toThrow("EISDIR");
    expect(() => guest().unlink(".")).toThrow("EISDIR");
    expect(() => guest().unlink("file/")).toThrow("ENOTDIR");
    expect(() => guest().unlink("link/")).toThrow("ENOTDIR");
    expect(() => guest().unlink("missing")).toThrow("ENOENT");
  });

  test("keeps an open file until it is closed", () => {
    const made = guest();
    const fd = made.open("file");
    made.unlink("file");
    expect(made.fstat(fd).links).toBe(0n);
    expect(made.read(fd, 100)).toBe("content");
    made.write(fd, " and more");
    expect(made.pread(fd, 100, 0n)).toBe("content and more");
    const again = made.open("file", { flags: 1 });
    expect(made.fstat(again).ino).not.toBe(made.fstat(fd).ino);
    expect(made.read(again, 100)).toBe("");
  });
});

describe("path_rename", () => {
  const contentOf = (made: TestGuest, path: string) => made.read(made.open(path), 99);

  test("moves files, links and directories", () => {
    const made = guest();
    const before = made.stat("file");
    made.rename("file", "directory/moved");
    expect(made.stat("directory/moved").ino).toBe(before.ino);
    expect(() => made.stat("file")).toThrow("ENOENT");
    made.rename("link", "renamed");
    expect(made.readlink("renamed")).toBe("file");
    made.rename("directory", "empty/inside");
    expect(contentOf(made, "empty/inside/moved")).toBe("content");
    made.rename("inside", "out", made.openDirectory("empty"));
    expect(contentOf(made, "out/inner")).toBe("x");
  });

  test("replaces a file or link, and an empty directory", () => {
    const made = guest();
    made.rename("file", "other");
    expect(contentOf(made, "other")).toBe("content");
    made.rename("other", "link");
    expect(made.stat("link").type).toBe(4);
    made.rename("directory", "empty");
    expect(contentOf(made, "empty/inner")).toBe("x");
    made.rename("dangling", "link");
    expect(made.readlink("link")).toBe("nowhere");
  });

  test("frees a replaced file when it is closed", () => {
    const made = guest();
    const fd = made.open("other");
    made.rename("file", "other");
    expect(made.read(fd, 99)).toBe("other");
  });

  test("rejects a file over a directory, and the reverse", () => {
    expect(() => guest().rename("empty", "directory")).toThrow("ENOTEMPTY");
    expect(() => guest().rename("directory", "file")).toThrow("ENOTDIR");
    expect(() => guest().rename("directory", "directory-link")).toThrow("ENOTDIR");
    expect(() => guest().rename("file", "directory")).toThrow("EISDIR");
    expect(() => guest().rename("file", "empty")).toThrow("EISDIR");
    expect(() => guest().rename("missing", "new")).toThrow("ENOENT");
    expect(() => guest().rename("file", "no/where")).toThrow("ENOENT");
    expect(() => guest().rename("file/", "new")).toThrow("ENOTDIR");
    expect(() => guest().rename("file", "new/")).toThrow("ENOTDIR");
    expect(() => guest().rename("directory-link/", "new")).toThrow("ENOTDIR");
  });

  test("accepts slashes after the names of directories", () => {
    const made = guest();
    made.rename("directory/", "a");
    made.rename("a", "b/");
    made.rename("b//", "c//");
    expect(contentOf(made, "c/inner")).toBe("x");
  });

  test("rejects `.` and `..`", () => {
    expect(() => guest().rename(".", "new")).toThrow("EBUSY");
    expect(() => guest().rename("empty", "directory/.")).toThrow("EBUSY");
    expect(() => guest().rename("directory/..", "new")).toThrow("EBUSY");
  });

  test("rejects moving a directory into itself, from any base directory", () => {
    const made = guest();
    made.mkdir("directory/deep");
    expect(() => made.rename("directory", "directory/new")).toThrow("EINVAL");
    expect(() => made.rename("directory", "directory/deep/new")).toThrow("EINVAL");
    const deep = made.openDirectory("directory/deep");
    expect(() => made.rename("directory", "new", 3, deep)).toThrow("EINVAL");
    expect(() => made.rename("directory/deep", "directory")).toThrow("ENOTEMPTY");
    made.rename("directory", "directory");
  });

  test("has no effect between two names of one file", () => {
    const made = guest();
    made.link("file", "hard");
    made.rename("file", "hard");
    made.rename("file", "file");
    expect(made.stat("file").links).toBe(2n);
    expect(made.stat("hard").ino).toBe(made.stat("file").ino);
  });

  test("sets the times of both directories", () => {
    const made = guest();
    made.clock.timeNs += 9n;
    made.rename("file", "directory/file");
    for (const path of [".", "directory"]) {
      expect(made.stat(path)).toMatchObject({
        modifiedNs: made.clock.timeNs,
        changedNs: made.clock.timeNs,
      });
    }
  });
});

describe("path_link", () => {
  test("adds a name to a file", () => {
    const made = guest();
    made.link("file", "hard");
    expect(made.stat("hard")).toEqual(made.stat("file"));
    expect(made.stat("hard").links).toBe(2n);
    made.unlink("file");
    expect(made.stat("hard").links).toBe(1n);
    expect(made.read(made.open("hard"), 99)).toBe("content");
  });

  test("adds a name to a link, or to its target when links are followed", () => {
    const made = guest();
    made.link("dangling", "again");
    expect(made.readlink("again")).toBe("nowhere");
    made.link("loop", "loop-again");
    made.link("link", "followed", FOLLOW);
    expect(made.stat("followed").ino).toBe(made.stat("file").ino);
    expect(() => made.link("dangling", "new", FOLLOW)).toThrow("ENOENT");
    expect(() => made.link("loop", "new", FOLLOW)).toThrow("ELOOP");
  });

  test("rejects directories, and names that exist or end in a slash", () => {
    expect(() => guest().link("directory", "new")).toThrow("EPERM");
    expect(() => guest().link(".", "new")).toThrow("EPERM");
    for (const taken of ["file", "other", "directory", "dangling"]) {
      expect(() => guest().link("file", taken)).toThrow("EEXIST");
    }
    expect(() => guest().link("file", "new/")).toThrow("ENOENT");
    expect(() => guest().link("missing", "new")).toThrow("ENOENT");
  });
});

describe("path_symlink", () => {
  test("creates a link to any relative target", () => {
    const made = guest();
    made.symlink("../up", "empty/new");
    expect(made.readlink("empty/new")).toBe("../up");
    expect(made.stat("empty/new")).toMatchObject({ type: 7, size: 5n });
    expect(() => made.symlink("/", "absolute")).toThrow("EPERM");
    expect(() => made.symlink("/file", "absolute")).toThrow("EPERM");
    expect(() => made.symlink("", "nothing")).toThrow("ENOENT");
  });

  test("rejects names that exist or end in a slash", () => {
    expect(() => guest().symlink("x", "new/")).toThrow("ENOENT");
    expect(() => guest().symlink("x", "directory/")).toThrow("EEXIST");
    expect(() => guest().symlink("x", "directory")).toThrow("EEXIST");
    expect(() => guest().symlink("x", "file")).toThrow("EEXIST");
    expect(() => guest().symlink("x", "file/")).toThrow("ENOTDIR");
    expect(() => guest().symlink("x", ".")).toThrow("EEXIST");
  });
});

describe("path_readlink", () => {
  test("returns as much of the target as fits the buffer", () => {
    const made = guest();
    expect(made.readlink("link", 10)).toBe("file");
    expect(made.readlink("link", 4)).toBe("file");
    expect(made.readlink("link", 3)).toBe("fil");
    expect(made.readlink("link", 0)).toBe("");
    const path = made.put("link");
    expect(made.call("path_readlink", 3, ...path, -1, 0, 8)).toBe("SUCCESS");
  });

  test("leaves the rest of the buffer unchanged", () => {
    const made = guest();
    const [buffer] = made.put("##########");
    expect(made.call("path_readlink", 3, ...made.put("link"), buffer, 10, 8)).toBe("SUCCESS");
    expect(made.text(buffer, 10)).toBe("file######");
  });

  test("rejects everything but links", () => {
    expect(() => guest().readlink("file")).toThrow("EINVAL");
    expect(() => guest().readlink("directory")).toThrow("EINVAL");
    expect(() => guest().readlink("missing")).toThrow("ENOENT");
  });
});

test("each call requires its right", () => {
  const made = guest();
  const without = (right: number) => made.openDirectory(".", { rights: ALL_RIGHTS & ~right & ~64 });
  const refused = "ENOTCAPABLE";
  expect(() => made.mkdir("new", without(Rights.PATH_CREATE_DIRECTORY))).toThrow(refused);
  expect(() => made.rmdir("empty", without(Rights.PATH_REMOVE_DIRECTORY))).toThrow(refused);
  expect(() => made.unlink("file", without(Rights.PATH_UNLINK_FILE))).toThrow(refused);
  expect(() => made.symlink("x", "new", without(Rights.PATH_SYMLINK))).toThrow(refused);
  expect(() => made.readlink("link", 9, without(Rights.PATH_READLINK))).toThrow(refused);
  const source = without(Rights.PATH_RENAME_SOURCE);
  expect(() => made.rename("file", "new", source)).toThrow(refused);
  const target = without(Rights.PATH_RENAME_TARGET);
  expect(() => made.rename("file", "new", 3, target)).toThrow(refused);
  const file = made.put("file");
  const link = made.put("new");
  const linkSource = without(Rights.PATH_LINK_SOURCE);
  expect(made.call("path_link", linkSource, 0, ...file, 3, ...link)).toBe(refused);
  const linkTarget = without(Rights.PATH_LINK_TARGET);
  expect(made.call("path_link", 3, 0, ...file, linkTarget, ...link)).toBe(refused);
});

import { describe, expect, test } from "vitest";
import { TestGuest } from "../guest.test-kit.ts";
import { ALL_RIGHTS, DIRECTORY_RIGHTS, FILE_RIGHTS, Rights } from "../rights.ts";

const CREATE = 1;
const DIRECTORY = 2;
const EXCLUSIVE = 4;
const TRUNCATE = 8;
const FOLLOW = 1;

function guest(): TestGuest {
  const made = new TestGuest();
  made.files.load({ file: "content", directory: { inner: "x" } });
  made.symlink("file", "link");
  made.symlink("directory", "directory-link");
  made.symlink("made", "dangling");
  return made;
}

test("path_open reuses closed descriptors", () => {
  const { open, close } = bound(guest());
  expect(open("file")).toBe(4);
  expect(open("file")).toBe(5);
  close(4);
  expect(open("file")).toBe(4);
  expect(open("file")).toBe(6);
});

function bound(made: TestGuest) {
  return { open: made.open.bind(made), close: made.close.bind(made) };
}

describe("flags", () => {
  test("without CREAT require the file to exist", () => {
    expect(() => guest().open("missing")).toThrow("ENOENT");
    expect(() => guest().open("missing/inner", { flags: CREATE })).toThrow("ENOENT");
    expect(() => guest().open("")).toThrow("ENOENT");
  });

  test("CREAT opens an existing file and creates a missing one", () => {
    const made = guest();
    expect(made.read(made.open("file", { flags: CREATE }), 9)).toBe("content");
    made.open("new", { flags: CREATE });
    expect(made.stat("new")).toMatchObject({ type: 4, size: 0n, links: 1n });
  });

  test("CREAT with EXCL rejects an existing file", () => {
    for (const path of ["file", "directory", "link", "dangling", "."]) {
      const flags = CREATE | EXCLUSIVE;
      expect(() => guest().open(path, { flags, lookup: FOLLOW })).toThrow("EEXIST");
    }
  });

  test("CREAT rejects DIRECTORY", () => {
    expect(() => guest().open("new/", { flags: CREATE })).toThrow("EISDIR");
    expect(() => guest().open("new", { flags: CREATE | DIRECTORY })).toThrow("EINVAL");
    expect(() => guest().open("directory", { flags: CREATE, rights: 0 })).toThrow("EISDIR");
  });

  test("CREAT creates the target of a dangling link when links are followed", () => {
    const made = guest();
    expect(() => made.open("dangling", { flags: CREATE })).toThrow("ELOOP");
    expect(made.files.exists("made")).toBe(false);
    made.open("dangling", { flags: CREATE, lookup: FOLLOW });
    expect(made.stat("made").type).toBe(4);
  });

  test("TRUNC empties a file", () => {
    const made = guest();
    made.clock.timeNs += 7n;
    const fd = made.open("file", { flags: TRUNCATE });
    expect(made.fstat(fd)).toMatchObject({ size: 0n, modifiedNs: made.clock.timeNs });
  });

  test("TRUNC rejects directories", () => {
    expect(() => guest().open("directory", { flags: TRUNCATE, rights: 0 })).toThrow("EISDIR");
  });

  test("DIRECTORY rejects files", () => {
    expect(() => guest().open("file", { flags: DIRECTORY })).toThrow("ENOTDIR");
    expect(() => guest().open("link", { flags: DIRECTORY, lookup: FOLLOW })).toThrow("ENOTDIR");
    expect(guest().openDirectory("directory")).toBe(4);
  });

  test("are rejected when unknown", () => {
    expect(() => guest().open("file", { flags: 16 })).toThrow("EINVAL");
    expect(() => guest().open("file", { fdFlags: 32 })).toThrow("EINVAL");
    expect(() => guest().open("file", { lookup: 2 })).toThrow("EINVAL");
    expect(() => guest().open("file", { flags: 0x1_0000 })).toThrow("EINVAL");
  });

  test("of the descriptor are stored", () => {
    const made = guest();
    expect(made.fdstat(made.open("file", { fdFlags: 31 })).flags).toBe(31);
    expect(made.fdstat(made.openDirectory(".", { fdFlags: 4 })).flags).toBe(4);
  });
});

describe("links", () => {
  test("as the last name are opened only when they are followed", () => {
    const made = guest();
    expect(() => made.open("link")).toThrow("ELOOP");
    expect(() => made.open("directory-link", { flags: DIRECTORY })).toThrow("ELOOP");
    expect(made.read(made.open("link", { lookup: FOLLOW }), 9)).toBe("content");
    made.openDirectory("directory-link", { lookup: FOLLOW });
    expect(() => made.open("dangling", { lookup: FOLLOW })).toThrow("ENOENT");
  });

  test("before the last name, or before a slash, are always followed", () => {
    const made = guest();
    expect(made.read(made.open("directory-link/inner"), 9)).toBe("x");
    expect(made.openDirectory("directory-link/")).toBeGreaterThan(3);
    expect(() => made.open("link/")).toThrow("ENOTDIR");
  });
});

describe("rights", () => {
  test("are the requested ones that apply to the file", () => {
    const made = guest();
    const file = made.fdstat(made.open("file", { rights: ALL_RIGHTS, inheriting: ALL_RIGHTS }));
    expect(file).toMatchObject({ type: 4, rights: FILE_RIGHTS, inheriting: 0 });
    const inheriting = Rights.FD_READ;
    const directory = made.fdstat(made.openDirectory("directory", { inheriting }));
    expect(directory).toEqual({ type: 3, flags: 0, rights: DIRECTORY_RIGHTS, inheriting });
    expect(made.fdstat(made.open("file", { rights: 0 })).rights).toBe(0);
    const seeking = made.fdstat(made.openDirectory("directory", { rights: Rights.FD_SEEK }));
    expect(seeking.rights).toBe(0);
  });

  test("can't exceed those that the directory passes on", () => {
    const made = guest();
    const at = made.openDirectory(".", { inheriting: Rights.FD_READ });
    expect(made.read(made.open("file", { at, rights: Rights.FD_READ }), 9)).toBe("content");
    expect(() => made.open("file", { at, rights: Rights.FD_WRITE })).toThrow("ENOTCAPABLE");
    const inheriting = Rights.FD_WRITE;
    expect(() => made.open("file", { at, rights: 0, inheriting })).toThrow("ENOTCAPABLE");
  });

  test("ignore unknown bits", () => {
    const made = guest();
    const result = made.allocate(4);
    const path = made.put("file");
    expect(made.call("path_open", 3, 0, ...path, 0, -1n, -1n, 0, result)).toBe("SUCCESS");
  });

  test("to open, create and truncate come from the directory", () => {
    const made = guest();
    const at = (rights: number) => made.openDirectory(".", { rights });
    const rights = 0;
    expect(() => made.open("file", { at: at(0), rights })).toThrow("ENOTCAPABLE");
    const opens = at(Rights.PATH_OPEN);
    made.open("file", { at: opens, rights });
    expect(() => made.open("new", { at: opens, rights, flags: CREATE })).toThrow("ENOTCAPABLE");
    expect(() => made.open("file", { at: opens, rights, flags: TRUNCATE })).toThrow("ENOTCAPABLE");
  });

  test("reject a directory opened for writing", () => {
    const made = guest();
    const rights = Rights.FD_READ | Rights.FD_WRITE;
    expect(() => made.open(".", { flags: DIRECTORY, rights })).toThrow("EISDIR");
    expect(() => made.open("directory", { rights })).toThrow("EISDIR");
    expect(made.open(".", { flags: DIRECTORY, rights: Rights.FD_READ })).toBe(4);
  });
});

describe("path_open has no effect when it fails", () => {
  test("because of the address of the result", () => {
    const made = guest();
    const path = made.put("new");
    const end = made.memory.buffer.byteLength;
    expect(made.call("path_open", 3, 0, ...path, CREATE, 0n, 0n, 0, end - 3)).toBe("EFAULT");
    expect(made.files.exists("new")).toBe(false);
  });

  test("because no descriptor is free: 8 are allowed, a ninth is not", () => {
    const made = new TestGuest({ openFiles: 8 });
    for (let count = 4; count < 8; count++) made.open("file", { flags: CREATE });
    expect(() => made.open("other", { flags: CREATE })).toThrow("EMFILE");
    expect(made.files.exists("other")).toBe(false);
    made.close(5);
    expect(made.open("other", { flags: CREATE })).toBe(5);
  });
});

test("path_open requires a directory", () => {
  const made = guest();
  expect(() => made.open("x", { at: made.open("file") })).toThrow("ENOTDIR");
  expect(() => made.open("x", { at: 1 })).toThrow("ENOTDIR");
  expect(() => made.open("x", { at: 77 })).toThrow("EBADF");
});

import { describe, expect, test } from "vitest";
import { TestGuest } from "../guest.test-kit.ts";
import { ALL_RIGHTS, Rights } from "../rights.ts";

const FOLLOW = 1;
const Times = { ATIM: 1, ATIM_NOW: 2, MTIM: 4, MTIM_NOW: 8 };

function guest(): TestGuest {
  const made = new TestGuest();
  made.files.load({ file: "content", directory: {} });
  made.symlink("file", "link");
  return made;
}

describe("stat", () => {
  test("reports the metadata of a file", () => {
    const made = guest();
    const timeNs = made.clock.timeNs;
    const times = { accessedNs: timeNs, modifiedNs: timeNs, changedNs: timeNs };
    const file = made.stat("file");
    expect(file).toEqual({ dev: 1n, ino: file.ino, type: 4, links: 1n, size: 7n, ...times });
    expect(made.stat("directory")).toMatchObject({ dev: 1n, type: 3, size: 0n, ...times });
    expect(made.fstat(made.open("file"))).toEqual(file);
    expect(made.fstat(3)).toEqual(made.stat("."));
  });

  test("reports inodes that are unique and stable", () => {
    const made = guest();
    const numbers = [".", "file", "directory", "link"].map((path) => made.stat(path).ino);
    expect(new Set(numbers).size).toBe(4);
    made.rename("file", "moved");
    expect(made.stat("moved").ino).toBe(numbers[1]);
    made.unlink("moved");
    made.open("file", { flags: 1 });
    expect(numbers).not.toContain(made.stat("file").ino);
  });

  test("reports a link itself unless links are followed", () => {
    const made = guest();
    expect(made.stat("link")).toMatchObject({ type: 7, size: 4n });
    expect(made.stat("link", FOLLOW)).toEqual(made.stat("file"));
    expect(() => made.stat("missing")).toThrow("ENOENT");
    expect(() => made.stat("link", 2)).toThrow("EINVAL");
  });

  test("reports stdio as a terminal", () => {
    expect(guest().fstat(1)).toMatchObject({ dev: 0n, ino: 1n, type: 2, links: 1n, size: 0n });
  });

  test("writes 64 bytes after checking the range", () => {
    const made = guest();
    const end = made.memory.buffer.byteLength;
    const path = made.put("file");
    expect(made.call("fd_filestat_get", 1, end - 64)).toBe("SUCCESS");
    expect(made.call("fd_filestat_get", 1, end - 63)).toBe("EFAULT");
    expect(made.call("path_filestat_get", 3, 0, ...path, end - 64)).toBe("SUCCESS");
    expect(made.call("path_filestat_get", 3, 0, ...path, end - 63)).toBe("EFAULT");
    expect(made.call("path_filestat_get", 3, 0, end - 1, 2, 512)).toBe("EFAULT");
  });

  test("requires its rights", () => {
    const made = guest();
    expect(() => made.fstat(made.open("file", { rights: 0 }))).toThrow("ENOTCAPABLE");
    const rights = ALL_RIGHTS & ~Rights.PATH_FILESTAT_GET & ~Rights.FD_WRITE;
    const at = made.openDirectory(".", { rights });
    expect(() => made.stat("file", 0, at)).toThrow("ENOTCAPABLE");
  });
});

describe("set times", () => {
  const open = (made: TestGuest) => made.open("file", { rights: ALL_RIGHTS });

  test("sets the times in its flags, to a value or to now", () => {
    const made = guest();
    const fd = open(made);
    const before = made.fstat(fd);
    made.clock.timeNs += 50n;
    const nowNs = made.clock.timeNs;
    const set = (flags: number) => made.call("fd_filestat_set_times", fd, 11n, 22n, flags);
    expect(set(Times.MTIM)).toBe("SUCCESS");
    expect(made.fstat(fd)).toEqual({ ...before, modifiedNs: 22n, changedNs: nowNs });
    expect(set(Times.ATIM | Times.MTIM_NOW)).toBe("SUCCESS");
    expect(made.fstat(fd)).toMatchObject({ accessedNs: 11n, modifiedNs: nowNs });
    expect(set(Times.ATIM_NOW)).toBe("SUCCESS");
    expect(made.fstat(fd)).toMatchObject({ accessedNs: nowNs, modifiedNs: nowNs });
    expect(set(0)).toBe("SUCCESS");
  });

  test("treats times as unsigned", () => {
    const made = guest();
    const fd = open(made);
    made.call("fd_filestat_set_times", fd, -1n, 0n, Times.ATIM | Times.MTIM);
    expect(made.fstat(fd)).toMatchObject({ accessedNs: 2n ** 64n - 1n, modifiedNs: 0n });
  });

  test("rejects both a value and now for a time, and unknown flags", () => {
    const made = guest();
    const fd = open(made);
    const path = made.put("file");
    const before = made.fstat(fd);
    for (const flags of [Times.ATIM | Times.ATIM_NOW, Times.MTIM | Times.MTIM_NOW, 16]) {
      expect(made.call("fd_filestat_set_times", fd, 1n, 2n, flags)).toBe("EINVAL");
      const set = made.call("path_filestat_set_times", 3, 0, ...path, 1n, 2n, flags);
      expect(set).toBe("EINVAL");
    }
    expect(made.fstat(fd)).toEqual(before);
  });

  test("by path sets the times of a link itself unless links are followed", () => {
    const made = guest();
    const path = made.put("link");
    const set = (lookup: number, timeNs: bigint) =>
      made.call("path_filestat_set_times", 3, lookup, ...path, 0n, timeNs, Times.MTIM);
    const file = made.stat("file").modifiedNs;
    expect(set(0, 5n)).toBe("SUCCESS");
    expect(made.stat("link").modifiedNs).toBe(5n);
    expect(made.stat("file").modifiedNs).toBe(file);
    expect(set(FOLLOW, 6n)).toBe("SUCCESS");
    expect(made.stat("link").modifiedNs).toBe(5n);
    expect(made.stat("file").modifiedNs).toBe(6n);
  });

  test("requires its rights and a file", () => {
    const made = guest();
    expect(made.call("fd_filestat_set_times", 1, 0n, 0n, 0)).toBe("ENOTCAPABLE");
    const fd = made.open("file", { rights: 0 });
    expect(made.call("fd_filestat_set_times", fd, 0n, 0n, 0)).toBe("ENOTCAPABLE");
    expect(made.call("fd_filestat_set_times", 99, 0n, 0n, 0)).toBe("EBADF");
    expect(made.call("fd_filestat_set_times", 3, 0n, 0n, Times.MTIM)).toBe("SUCCESS");
    const missing = made.put("missing");
    expect(made.call("path_filestat_set_times", 3, 0, ...missing, 0n, 0n, 0)).toBe("ENOENT");
  });
});

import { describe, expect, test } from "vitest";
import { TestGuest } from "../guest.test-kit.ts";
import { Rights } from "../rights.ts";

function guestWith(names: readonly string[]): TestGuest {
  const guest = new TestGuest();
  guest.mkdir("d");
  for (const name of names) guest.open(`d/${name}`, { flags: 1 });
  return guest;
}

const listed = (entries: readonly { name: string }[]): string[] => entries.map(({ name }) => name);

test("an empty directory lists itself and its parent", () => {
  const guest = guestWith([]);
  const { entries, full } = guest.readdir(guest.openDirectory("d"));
  expect(full).toBe(false);
  expect(entries).toEqual([
    { name: ".", type: 3, ino: guest.stat("d").ino, next: 1n },
    { name: "..", type: 3, ino: guest.stat(".").ino, next: 2n },
  ]);
});

test("the parent of the root is the root", () => {
  const guest = guestWith([]);
  const [self, parent] = guest.readdir(3).entries;
  expect(parent?.ino).toBe(self?.ino);
});

test("entries have the type and inode of what they lead to", () => {
  const guest = guestWith(["file"]);
  guest.mkdir("d/directory");
  guest.symlink("file", "d/link");
  const { entries } = guest.readdir(guest.openDirectory("d"));
  expect(entries.slice(2).map(({ name, type, ino }) => ({ name, type, ino }))).toEqual([
    { name: "file", type: 4, ino: guest.stat("d/file").ino },
    { name: "directory", type: 3, ino: guest.stat("d/directory").ino },
    { name: "link", type: 7, ino: guest.stat("d/link").ino },
  ]);
});

test("a listing continues at any cookie that it returned", () => {
  const guest = guestWith(["a", "b", "c"]);
  const fd = guest.openDirectory("d");
  const { entries } = guest.readdir(fd);
  entries.forEach((entry, index) => {
    expect(listed(guest.readdir(fd, entry.next).entries)).toEqual(listed(entries.slice(index + 1)));
  });
  expect(listed(guest.readdir(fd, 0n).entries)).toEqual([".", "..", "a", "b", "c"]);
});

test("a cookie beyond the end lists nothing, however large", () => {
  const guest = guestWith(["a"]);
  const fd = guest.openDirectory("d");
  for (const cookie of [4n, 2n ** 53n, 2n ** 63n - 1n, -1n, -(2n ** 63n)]) {
    expect(guest.readdir(fd, cookie)).toEqual({ entries: [], full: false });
  }
});

test("the last entry is cut off at the end of the buffer", () => {
  const guest = guestWith(["abc"]);
  const fd = guest.openDirectory("d");
  const whole = 24 + 1 + (24 + 2) + (24 + 3);
  for (let length = 0; length <= whole + 1; length++) {
    const buffer = guest.allocate(length + 1);
    guest.bytes[buffer + length] = 0xee;
    expect(guest.call("fd_readdir", fd, buffer, length, 0n, 8)).toBe("SUCCESS");
    expect(guest.view.getUint32(8, true)).toBe(Math.min(length, whole));
    expect(guest.bytes[buffer + length]).toBe(0xee);
  }
});

test("a listing is complete with any buffer that fits one entry", () => {
  const names = Array.from({ length: 100 }, (_, index) => `file.${index}`);
  const guest = guestWith(names);
  for (const length of [31, 32, 33, 100, 256, 4096, 60_000]) {
    expect(guest.names("d", length)).toEqual([".", "..", ...names]);
  }
});

describe("a listing while entries are added and removed", () => {
  const names = Array.from({ length: 50 }, (_, index) => `f${index}`);

  test("lists every entry when each one is removed after it was read", () => {
    const guest = guestWith(names);
    const fd = guest.openDirectory("d");
    const seen: string[] = [];
    for (let cookie = 0n; ; ) {
      const { entries, full } = guest.readdir(fd, cookie, 90);
      for (const { name } of entries) {
        if (!name.startsWith(".")) guest.unlink(`d/${name}`);
      }
      seen.push(...listed(entries));
      if (!full) break;
      cookie = entries.at(-1)?.next ?? cookie;
    }
    expect(seen).toEqual([".", "..", ...names]);
    guest.rmdir("d");
  });

  test("leaves out entries that were removed before they were read, also one that was cut off", () => {
    const guest = guestWith(names);
    const fd = guest.openDirectory("d");
    const { entries } = guest.readdir(fd, 0n, 90);
    expect(listed(entries)).toEqual([".", "..", "f0"]);
    for (const name of ["f1", "f2", "f49"]) guest.unlink(`d/${name}`);
    const rest = guest.readdir(fd, entries.at(-1)?.next).entries;
    expect(listed(rest)).toEqual(names.slice(3, -1));
  });

  test("lists new entries last, and none twice", () => {
    const guest = guestWith(["a", "b"]);
    const fd = guest.openDirectory("d");
    const { entries } = guest.readdir(fd);
    guest.open("d/c", { flags: 1 });
    guest.rename("d/a", "d/z");
    const rest = guest.readdir(fd, entries.at(-1)?.next).entries;
    expect(listed(rest)).toEqual(["c", "z"]);
  });

  test("lists a file in the position of the one that it replaced", () => {
    const guest = guestWith(["a", "b", "c"]);
    guest.rename("d/c", "d/a");
    expect(guest.names("d")).toEqual([".", "..", "b", "a"]);
  });
});

test("listing 2,000 entries takes linear time", () => {
  const guest = guestWith([]);
  guest.files.load({
    d: Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`file-${index}`, ""])),
  });
  const startMs = Date.now();
  expect(guest.names("d", 512)).toHaveLength(2002);
  expect(Date.now() - startMs).toBeLessThan(500);
});

test("fd_readdir requires a directory, its right and valid memory", () => {
  const guest = guestWith(["file"]);
  const file = guest.open("d/file");
  expect(() => guest.readdir(file)).toThrow("ENOTDIR");
  expect(() => guest.readdir(1)).toThrow("ENOTDIR");
  expect(() => guest.readdir(99)).toThrow("EBADF");
  const blind = guest.openDirectory("d", { rights: Rights.PATH_OPEN });
  expect(() => guest.readdir(blind)).toThrow("ENOTCAPABLE");
  const end = guest.memory.buffer.byteLength;
  expect(guest.call("fd_readdir", 3, end - 10, 11, 0n, 8)).toBe("EFAULT");
  expect(guest.call("fd_readdir", 3, 1024, 10, 0n, end - 3)).toBe("EFAULT");
  expect(guest.call("fd_readdir", 3, -1, 0, 0n, 8)).toBe("SUCCESS");
});

import { describe, expect, test } from "vitest";
import { TestGuest } from "../guest.test-kit.ts";
import { ALL_RIGHTS, DIRECTORY_RIGHTS, Rights } from "../rights.ts";

const CREATE = 1;

describe("fd_close", () => {
  test("closes open descriptors, the preopen included", () => {
    const guest = new TestGuest();
    const fd = guest.open("file", { flags: CREATE });
    guest.close(fd);
    expect(() => guest.close(fd)).toThrow("EBADF");
    const root = guest.openDirectory(".");
    guest.close(3);
    expect(() => guest.fdstat(3)).toThrow("EBADF");
    expect(guest.fdstat(root).type).toBe(3);
    expect(() => guest.close(-1)).toThrow("EBADF");
  });

  test("closes stdio", () => {
    const guest = new TestGuest();
    guest.close(1);
    expect(() => guest.write(1, "x")).toThrow("EBADF");
  });
});

describe("fd_renumber", () => {
  test("moves a descriptor over another one and closes that one", () => {
    const guest = new TestGuest();
    const from = guest.open("one", { flags: CREATE });
    const to = guest.open("two", { flags: CREATE });
    const one = guest.fstat(from);
    expect(guest.call("fd_renumber", from, to)).toBe("SUCCESS");
    expect(guest.fstat(to).ino).toBe(one.ino);
    expect(() => guest.close(from)).toThrow("EBADF");
    expect(guest.call("fd_renumber", to, from)).toBe("EBADF");
    expect(guest.call("fd_renumber", from, to)).toBe("EBADF");
    expect(guest.open("three", { flags: CREATE })).toBe(from);
  });

  test("has no effect on a descriptor and itself", () => {
    const guest = new TestGuest();
    expect(guest.call("fd_renumber", 3, 3)).toBe("SUCCESS");
    expect(guest.fdstat(3).type).toBe(3);
  });

  test("works on the preopen, and on stdio", () => {
    const guest = new TestGuest();
    guest.mkdir("d");
    const fd = guest.openDirectory("d");
    const { ino } = guest.fstat(fd);
    expect(guest.call("fd_renumber", fd, 3)).toBe("SUCCESS");
    expect(guest.fstat(3).ino).toBe(ino);
    expect(guest.call("fd_prestat_get", 3, 8)).toBe("EBADF");
    for (const stdio of [0, 1, 2]) {
      const file = guest.open("file", { flags: CREATE });
      expect(guest.call("fd_renumber", stdio, file)).toBe("SUCCESS");
      expect(guest.fdstat(file).type).toBe(2);
      expect(() => guest.fdstat(stdio)).toThrow("EBADF");
    }
  });

  test("frees an unlinked file that it closes", () => {
    const guest = new TestGuest({ fileBytes: 10 });
    const fd = guest.open("file", { flags: CREATE });
    guest.write(fd, "0123456789");
    guest.unlink("file");
    expect(() => guest.files.write("other", "x")).toThrow("ENOSPC");
    guest.call("fd_renumber", guest.open("empty", { flags: CREATE }), fd);
    guest.files.write("other", "0123456789");
  });
});

describe("fd_fdstat_get", () => {
  test("reports a file of unknown type for a stream that is not a terminal, as fd_filestat_get does", () => {
    const guest = new TestGuest({}, { terminal: { stdin: false, stdout: true, stderr: false } });
    expect([0, 1, 2].map((fd) => guest.fdstat(fd).type)).toEqual([0, 2, 0]);
    expect([0, 1, 2].map((fd) => guest.fstat(fd).type)).toEqual([0, 2, 0]);
  });

  test("reports stdio as a terminal", () => {
    const guest = new TestGuest();
    const common = Rights.FD_FDSTAT_SET_FLAGS | Rights.FD_FILESTAT_GET | Rights.POLL_FD_READWRITE;
    const stream = { type: 2, flags: 0, inheriting: 0 };
    expect(guest.fdstat(0)).toEqual({ ...stream, rights: common | Rights.FD_READ });
    expect(guest.fdstat(1)).toEqual({ ...stream, rights: common | Rights.FD_WRITE });
    expect(guest.fdstat(2)).toEqual({ ...stream, rights: common | Rights.FD_WRITE });
    // C libraries take a stream for a terminal when it can't be seeked.
    expect(common & (Rights.FD_SEEK | Rights.FD_TELL)).toBe(0);
  });

  test("reports all rights of a directory for the preopen", () => {
    expect(new TestGuest().fdstat(3)).toEqual({
      type: 3,
      flags: 0,
      rights: DIRECTORY_RIGHTS,
      inheriting: ALL_RIGHTS,
    });
  });

  test("writes 24 bytes after checking the range", () => {
    const guest = new TestGuest();
    guest.bytes.fill(0xee, 512, 600);
    expect(guest.call("fd_fdstat_get", 3, 520)).toBe("SUCCESS");
    expect([guest.bytes[519], guest.bytes[544]]).toEqual([0xee, 0xee]);
    const end = guest.memory.buffer.byteLength;
    expect(guest.call("fd_fdstat_get", 3, end - 24)).toBe("SUCCESS");
    expect(guest.call("fd_fdstat_get", 3, end - 23)).toBe("EFAULT");
    expect(guest.call("fd_fdstat_get", 3, -1)).toBe("EFAULT");
  });
});

describe("fd_fdstat_set_flags", () => {
  test("sets the five flags on files, directories and streams", () => {
    const guest = new TestGuest();
    const rights = Rights.FD_FDSTAT_SET_FLAGS;
    const file = guest.open("file", { flags: CREATE, rights });
    for (const fd of [0, 1, 3, file]) {
      for (const flags of [1, 2, 4, 8, 16, 31, 0]) {
        expect(guest.call("fd_fdstat_set_flags", fd, flags)).toBe("SUCCESS");
        expect(guest.fdstat(fd).flags).toBe(flags);
      }
      expect(guest.call("fd_fdstat_set_flags", fd, 32)).toBe("EINVAL");
    }
  });

  test("requires its right", () => {
    const guest = new TestGuest();
    const fd = guest.open("file", { flags: CREATE, rights: Rights.FD_READ });
    expect(guest.call("fd_fdstat_set_flags", fd, 1)).toBe("ENOTCAPABLE");
    expect(guest.call("fd_fdstat_set_flags", 99, 1)).toBe("EBADF");
  });
});

describe("fd_fdstat_set_rights", () => {
  const rights = Rights.FD_READ | Rights.FD_WRITE | Rights.FD_SEEK | Rights.FD_TELL;

  test("drops rights and never adds any", () => {
    const guest = new TestGuest();
    const fd = guest.open("file", { flags: CREATE, rights });
    const set = (base: number | bigint, inheriting = 0n) =>
      guest.call("fd_fdstat_set_rights", fd, BigInt(base), inheriting);
    expect(set(rights)).toBe("SUCCESS");
    expect(set(rights | Rights.FD_ADVISE)).toBe("ENOTCAPABLE");
    expect(set(rights & ~Rights.FD_READ)).toBe("SUCCESS");
    expect(() => guest.read(fd, 1)).toThrow("EBADF");
    expect(set(rights)).toBe("ENOTCAPABLE");
    expect(guest.fdstat(fd).rights).toBe(rights & ~Rights.FD_READ);
    expect(set(1n << 40n)).toBe("ENOTCAPABLE");
    expect(set(-1n)).toBe("ENOTCAPABLE");
    expect(set(0, 1n)).toBe("ENOTCAPABLE");
  });

  test("limits the rights of files opened from a directory", () => {
    const guest = new TestGuest();
    const inheriting = BigInt(ALL_RIGHTS & ~Rights.FD_WRITE);
    const set = guest.call("fd_fdstat_set_rights", 3, BigInt(DIRECTORY_RIGHTS), inheriting);
    expect(set).toBe("SUCCESS");
    const write = Rights.FD_WRITE;
    expect(() => guest.open("file", { flags: CREATE, rights: write })).toThrow("ENOTCAPABLE");
    guest.open("file", { flags: CREATE, rights: Rights.FD_READ });
  });

  test("of a directory without the right to set sizes prevents TRUNC", () => {
    const guest = new TestGuest();
    guest.files.write("file", "content");
    const base = BigInt(DIRECTORY_RIGHTS & ~Rights.PATH_FILESTAT_SET_SIZE);
    guest.open("file", { flags: 8, rights: 0 });
    expect(guest.call("fd_fdstat_set_rights", 3, base, 0n)).toBe("SUCCESS");
    expect(() => guest.open("file", { flags: 8, rights: 0 })).toThrow("ENOTCAPABLE");
  });
});

describe("preopens", () => {
  const preopens = (guest: TestGuest): string[] => {
    const found: string[] = [];
    for (let fd = 3; guest.call("fd_prestat_get", fd, 512) === "SUCCESS"; fd++) {
      expect(guest.view.getUint8(512)).toBe(0);
      const length = guest.view.getUint32(516, true);
      expect(guest.call("fd_prestat_dir_name", fd, 600, length)).toBe("SUCCESS");
      found.push(guest.text(600, length));
    }
    return found;
  };

  test("contain the root and nothing else", () => {
    expect(preopens(new TestGuest())).toEqual(["/"]);
  });

  test("are empty for a guest without a directory, which then reaches no file", () => {
    const guest = new TestGuest({}, { hasDirectory: false });
    guest.files.write("file", "content");
    expect(preopens(guest)).toEqual([]);
    expect(guest.call("fd_fdstat_get", 3, 512)).toBe("EBADF");
    expect(() => guest.open("file")).toThrow("EBADF");
    expect(() => guest.stat("file")).toThrow("EBADF");
    expect(guest.call("sock_shutdown", 3, 0)).toBe("EBADF");
  });

  test("return their path to a buffer that is large enough", () => {
    const guest = new TestGuest();
    guest.bytes.fill(0xee, 600, 700);
    expect(guest.call("fd_prestat_dir_name", 3, 600, 0)).toBe("ENAMETOOLONG");
    expect(guest.call("fd_prestat_dir_name", 3, 600, 2)).toBe("SUCCESS");
    expect([...guest.bytes.subarray(600, 602)]).toEqual([0x2f, 0xee]);
    expect(guest.call("fd_prestat_dir_name", 3, -1, 1)).toBe("EFAULT");
    expect(guest.call("fd_prestat_get", 3, -1)).toBe("EFAULT");
  });

  test("are not descriptors opened later, stdio or closed descriptors", () => {
    const guest = new TestGuest();
    for (const fd of [0, 1, 2, guest.openDirectory("."), guest.open("f", { flags: CREATE }), 99]) {
      expect(guest.call("fd_prestat_get", fd, 512)).toBe("EBADF");
      expect(guest.call("fd_prestat_dir_name", fd, 512, 10)).toBe("EBADF");
    }
  });
});

test("close() closes all descriptors and frees unlinked files", () => {
  const guest = new TestGuest({ fileBytes: 4 });
  guest.write(guest.open("file", { flags: CREATE }), "1234");
  guest.unlink("file");
  guest.preview1.close();
  expect(() => guest.fdstat(0)).toThrow("EBADF");
  guest.files.write("other", "1234");
});

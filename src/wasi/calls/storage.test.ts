import { describe, expect, test } from "vitest";
import { TestGuest } from "../guest.test-kit.ts";
import { ALL_RIGHTS } from "../rights.ts";

function opened(content = ""): { guest: TestGuest; fd: number; size: () => number } {
  const guest = new TestGuest();
  guest.files.write("file", content);
  const fd = guest.open("file", { rights: ALL_RIGHTS });
  return { guest, fd, size: () => guest.files.stat("file").size };
}

describe("fd_filestat_set_size", () => {
  test("cuts a file off or extends it with zeros, and keeps the position", () => {
    const { guest, fd } = opened("0123456789");
    guest.seek(fd, 8n, 0);
    expect(guest.call("fd_filestat_set_size", fd, 4n)).toBe("SUCCESS");
    expect(guest.tell(fd)).toBe(8n);
    expect(guest.read(fd, 9)).toBe("");
    expect(guest.call("fd_filestat_set_size", fd, 6n)).toBe("SUCCESS");
    expect(guest.pread(fd, 9, 0n)).toBe("0123\0\0");
  });

  test("rejects sizes of 2^40 bytes and more without allocating", () => {
    const { guest, fd, size } = opened("ab");
    expect(guest.call("fd_filestat_set_size", fd, 2n ** 40n)).toBe("EFBIG");
    expect(guest.call("fd_filestat_set_size", fd, 2n ** 62n)).toBe("EFBIG");
    expect(guest.call("fd_filestat_set_size", fd, -1n)).toBe("EINVAL");
    expect(size()).toBe(2);
  });
});

describe("fd_allocate", () => {
  test("extends a file and never shortens it", () => {
    const { guest, fd, size } = opened();
    expect(guest.call("fd_allocate", fd, 0n, 100n)).toBe("SUCCESS");
    expect(size()).toBe(100);
    guest.call("fd_allocate", fd, 10n, 10n);
    expect(size()).toBe(100);
    guest.call("fd_allocate", fd, 90n, 20n);
    expect(size()).toBe(110);
  });

  test("rejects a length of 0, negative values and sizes over the limit", () => {
    const { guest, fd } = opened();
    expect(guest.call("fd_allocate", fd, 0n, 0n)).toBe("EINVAL");
    expect(guest.call("fd_allocate", fd, -1n, 1n)).toBe("EINVAL");
    expect(guest.call("fd_allocate", fd, 1n, -1n)).toBe("EINVAL");
    expect(guest.call("fd_allocate", fd, 2n ** 40n, 1n)).toBe("EFBIG");
    expect(guest.call("fd_allocate", fd, 2n ** 63n - 1n, 2n ** 63n - 1n)).toBe("EFBIG");
  });
});

test("a write far beyond the end is rejected without allocating", () => {
  const { guest, fd, size } = opened("ab");
  expect(() => guest.pwrite(fd, "x", 2n ** 40n)).toThrow("EFBIG");
  guest.seek(fd, 2n ** 40n, 0);
  expect(() => guest.write(fd, "x")).toThrow("EFBIG");
  expect(guest.write(fd, "")).toBe(0);
  expect(guest.tell(fd)).toBe(2n ** 40n);
  expect(size()).toBe(2);
});

describe("fd_advise", () => {
  test("accepts the six kinds of advice, which have no effect", () => {
    const { guest, fd, size } = opened("ab");
    for (let advice = 0; advice <= 5; advice++) {
      expect(guest.call("fd_advise", fd, 0n, 100n, advice)).toBe("SUCCESS");
    }
    expect(guest.call("fd_advise", fd, 0n, 0n, 6)).toBe("EINVAL");
    expect(guest.call("fd_advise", fd, -1n, 0n, 0)).toBe("EINVAL");
    expect(size()).toBe(2);
  });
});

describe("fd_sync and fd_datasync", () => {
  test("succeed on files and directories", () => {
    const { guest, fd } = opened();
    for (const name of ["fd_sync", "fd_datasync"]) {
      expect(guest.call(name, fd)).toBe("SUCCESS");
      expect(guest.call(name, 3)).toBe("SUCCESS");
      expect(guest.call(name, 1)).toBe("EINVAL");
      expect(guest.call(name, guest.open("file", { rights: 0 }))).toBe("ENOTCAPABLE");
      expect(guest.call(name, 99)).toBe("EBADF");
    }
  });
});

describe("fd_seek and fd_tell", () => {
  const SET = 0;
  const CUR = 1;
  const END = 2;

  test("move from the start, the position and the end", () => {
    const { guest, fd } = opened("0123456789");
    expect(guest.seek(fd, 4n, SET)).toBe(4n);
    expect(guest.seek(fd, -1n, CUR)).toBe(3n);
    expect(guest.seek(fd, -1n, END)).toBe(9n);
    expect(guest.seek(fd, 1000n, CUR)).toBe(1009n);
    expect(guest.tell(fd)).toBe(1009n);
  });

  test("stay between 0 and 2^53 - 1", () => {
    const { guest, fd } = opened("0123456789");
    guest.seek(fd, 5n, SET);
    expect(() => guest.seek(fd, -6n, CUR)).toThrow("EINVAL");
    expect(() => guest.seek(fd, -11n, END)).toThrow("EINVAL");
    expect(() => guest.seek(fd, -1n, SET)).toThrow("EINVAL");
    expect(() => guest.seek(fd, 2n ** 53n, SET)).toThrow("EINVAL");
    expect(() => guest.seek(fd, 2n ** 63n - 1n, CUR)).toThrow("EINVAL");
    expect(guest.tell(fd)).toBe(5n);
    expect(guest.seek(fd, 2n ** 53n - 1n, SET)).toBe(2n ** 53n - 1n);
    expect(() => guest.seek(fd, 0n, 3)).toThrow("EINVAL");
  });

  test("require their rights; reading the position requires only FD_TELL", () => {
    const { guest } = opened();
    const fd = guest.open("file", { rights: 1 << 5 });
    expect(guest.tell(fd)).toBe(0n);
    expect(guest.seek(fd, 0n, CUR)).toBe(0n);
    expect(() => guest.seek(fd, 0n, SET)).toThrow("ENOTCAPABLE");
    const blind = guest.open("file", { rights: 1 << 1 });
    expect(() => guest.tell(blind)).toThrow("ENOTCAPABLE");
  });
});

test("storage and position calls reject directories and stdio", () => {
  const { guest } = opened();
  const calls = {
    fd_seek: [0n, 0, 512],
    fd_tell: [512],
    fd_allocate: [0n, 1n],
    fd_advise: [0n, 0n, 0],
    fd_filestat_set_size: [0n],
  };
  for (const [name, args] of Object.entries(calls)) {
    expect(guest.call(name, 3, ...args)).toBe("EISDIR");
    expect(guest.call(name, 1, ...args)).toBe("ESPIPE");
    expect(guest.call(name, 99, ...args)).toBe("EBADF");
  }
});

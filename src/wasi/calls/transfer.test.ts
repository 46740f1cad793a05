import { describe, expect, test } from "vitest";
import { TestGuest } from "../guest.test-kit.ts";
import { Rights } from "../rights.ts";
import type { InputSource } from "../streams.ts";

const CREATE = 1;
const APPEND = 1;
const NONBLOCK = 4;
const SET = 0;
const CUR = 1;

function guestWith(files: Record<string, string>): TestGuest {
  const guest = new TestGuest();
  guest.files.load(files);
  return guest;
}

describe("files", () => {
  test("share one position between reads and writes", () => {
    const guest = new TestGuest();
    const fd = guest.open("file", { flags: CREATE });
    expect(guest.write(fd, "hello ", "world")).toBe(11);
    expect(guest.tell(fd)).toBe(11n);
    expect(guest.read(fd, 10)).toBe("");
    guest.seek(fd, 6n, SET);
    expect(guest.read(fd, 2, 100)).toBe("world");
    guest.seek(fd, -5n, CUR);
    guest.write(fd, "there!");
    expect(new TextDecoder().decode(guest.files.read("/file"))).toBe("hello there!");
  });

  test("have a position for each descriptor, and one content", () => {
    const guest = new TestGuest();
    const writer = guest.open("file", { flags: CREATE });
    const reader = guest.open("file");
    guest.write(writer, "abc");
    expect(guest.read(reader, 2)).toBe("ab");
    guest.write(writer, "def");
    expect(guest.read(reader, 10)).toBe("cdef");
  });

  test("keep their position during pread and pwrite", () => {
    const guest = guestWith({ file: "0123456789" });
    const fd = guest.open("file");
    guest.seek(fd, 5n, SET);
    expect(guest.pwrite(fd, "ab", 2n)).toBe(2);
    expect(guest.pread(fd, 4, 1n)).toBe("1ab4");
    expect(guest.pread(fd, 4, 8n)).toBe("89");
    expect(guest.pread(fd, 4, 100n)).toBe("");
    expect(guest.tell(fd)).toBe(5n);
  });

  test("are filled with zeros before a write beyond the end", () => {
    const guest = guestWith({ file: "ab" });
    const fd = guest.open("file");
    guest.pwrite(fd, "z", 4n);
    expect([...guest.files.read("file")]).toEqual([97, 98, 0, 0, 122]);
  });

  test("are written at the end with APPEND, until it is switched off", () => {
    const guest = guestWith({ file: "ab" });
    const fd = guest.open("file", {
      fdFlags: APPEND,
      rights: Rights.FD_READ | Rights.FD_WRITE | Rights.FD_SEEK | Rights.FD_FDSTAT_SET_FLAGS,
    });
    guest.write(fd, "c");
    guest.seek(fd, 0n, SET);
    guest.write(fd, "d");
    guest.seek(fd, 0n, SET);
    expect(guest.read(fd, 9)).toBe("abcd");
    guest.pwrite(fd, "Z", 0n);
    expect(guest.call("fd_fdstat_set_flags", fd, 0)).toBe("SUCCESS");
    guest.seek(fd, 1n, SET);
    guest.write(fd, "Y");
    expect(guest.pread(fd, 9, 0n)).toBe("ZYcd");
  });

  test("reject reads or writes without the right with EBADF", () => {
    const guest = guestWith({ file: "ab" });
    const reader = guest.open("file", { rights: Rights.FD_READ });
    const writer = guest.open("file", { rights: Rights.FD_WRITE });
    expect(() => guest.write(reader, "x")).toThrow("EBADF");
    expect(() => guest.read(writer, 1)).toThrow("EBADF");
    expect(() => guest.pread(writer, 1, 0n)).toThrow("EBADF");
    expect(() => guest.pread(reader, 1, 0n)).toThrow("ENOTCAPABLE");
    expect(() => guest.read(99, 1)).toThrow("EBADF");
    expect(() => guest.write(-31337, "x")).toThrow("EBADF");
  });

  test("are not directories, which have no bytes", () => {
    const guest = new TestGuest();
    for (const name of ["fd_read", "fd_write"]) {
      expect(guest.call(name, 3, ...guest.buffers([1024, 8]), 512)).toBe("EISDIR");
    }
    for (const name of ["fd_pread", "fd_pwrite"]) {
      expect(guest.call(name, 3, ...guest.buffers([1024, 8]), 0n, 512)).toBe("EISDIR");
    }
  });

  test("reject negative offsets", () => {
    const guest = guestWith({ file: "ab" });
    const fd = guest.open("file");
    expect(() => guest.pread(fd, 1, -1n)).toThrow("EINVAL");
    expect(() => guest.pwrite(fd, "x", -1n)).toThrow("EINVAL");
  });

  test("record the time of access and of modification", () => {
    const guest = guestWith({ file: "ab" });
    const fd = guest.open("file");
    const before = guest.fstat(fd);
    guest.clock.timeNs += 5n;
    guest.read(fd, 1);
    expect(guest.fstat(fd)).toEqual({ ...before, accessedNs: before.accessedNs + 5n });
    guest.clock.timeNs += 5n;
    guest.write(fd, "x");
    expect(guest.fstat(fd)).toMatchObject({
      accessedNs: before.accessedNs + 5n,
      modifiedNs: before.modifiedNs + 10n,
      changedNs: before.changedNs + 10n,
    });
  });
});

describe("buffers", () => {
  test("are accepted up to 1,024 and rejected at 1,025", () => {
    const guest = guestWith({ file: "" });
    const fd = guest.open("file");
    const many = guest.allocate(1025 * 8);
    expect(guest.call("fd_write", fd, many, 1024, 8)).toBe("SUCCESS");
    expect(guest.call("fd_write", fd, many, 1025, 8)).toBe("EINVAL");
    expect(guest.call("fd_read", fd, many, 0x8000_0000 | 0, 8)).toBe("EINVAL");
  });

  test("outside of memory are EFAULT, and the call has no effect", () => {
    const guest = guestWith({ file: "" });
    const fd = guest.open("file");
    const end = guest.memory.buffer.byteLength;
    const good = guest.put("good");
    const bad = guest.buffers(good, [end - 1, 2]);
    expect(guest.call("fd_write", fd, ...bad, 8)).toBe("EFAULT");
    expect(guest.call("fd_write", fd, ...guest.buffers([-1, 1]), 8)).toBe("EFAULT");
    expect(guest.call("fd_write", fd, end - 7, 1, 8)).toBe("EFAULT");
    expect(guest.call("fd_write", fd, ...guest.buffers(good), end - 3)).toBe("EFAULT");
    expect(guest.files.stat("file").size).toBe(0);
    expect(guest.call("fd_write", fd, ...guest.buffers(good, [end - 2, 2]), 8)).toBe("SUCCESS");
  });

  test("without length can have any address", () => {
    const guest = guestWith({ file: "" });
    const fd = guest.open("file");
    const nowhere = guest.buffers([-1, 0]);
    for (const name of ["fd_read", "fd_write"]) {
      expect(guest.call(name, fd, ...nowhere, 8)).toBe("SUCCESS");
      expect(guest.call(name, name === "fd_read" ? 0 : 1, ...nowhere, 8)).toBe("SUCCESS");
      expect(guest.call(name, fd, -1, 0, 8)).toBe("SUCCESS");
    }
  });

  test("of 2^32 bytes in total are rejected", () => {
    const guest = guestWith({ file: "" });
    const fd = guest.open("file");
    const length = guest.memory.buffer.byteLength;
    const list = guest.buffers(
      ...Array.from({ length: 1024 }, (): [number, number] => [0, length]),
    );
    expect(guest.call("fd_read", fd, ...list, 8)).toBe("SUCCESS");
    guest.memory.grow(60);
    const whole = guest.memory.buffer.byteLength;
    const more = guest.buffers(...Array.from({ length: 1024 }, (): [number, number] => [0, whole]));
    expect(guest.call("fd_read", fd, ...more, 8)).toBe("EINVAL");
  });

  test("are read before a read overwrites their own list", () => {
    const guest = guestWith({ file: "x".repeat(64) });
    const fd = guest.open("file");
    const [list] = guest.buffers([0, 0], [0, 0]);
    const other = guest.allocate(16);
    guest.view.setUint32(list, list, true);
    guest.view.setUint32(list + 4, 16, true);
    guest.view.setUint32(list + 8, other, true);
    guest.view.setUint32(list + 12, 16, true);
    expect(guest.call("fd_read", fd, list, 2, 8)).toBe("SUCCESS");
    expect(guest.view.getUint32(8, true)).toBe(32);
    expect(guest.text(other, 16)).toBe("x".repeat(16));
  });

  test("are found after the memory has grown", () => {
    const guest = guestWith({ file: "hello" });
    const fd = guest.open("file");
    guest.memory.grow(1);
    const pointer = guest.memory.buffer.byteLength - 8;
    expect(guest.call("fd_read", fd, ...guest.buffers([pointer, 5]), 8)).toBe("SUCCESS");
    expect(guest.text(pointer, 5)).toBe("hello");
  });
});

describe("stdin", () => {
  const source = (...chunks: (string | Promise<string>)[]): InputSource => ({
    read: () => {
      const next = chunks.shift() ?? "";
      const encode = (text: string) => new TextEncoder().encode(text);
      return typeof next === "string" ? encode(next) : next.then(encode);
    },
  });

  test("returns its bytes as they are requested, then the end", () => {
    const guest = new TestGuest({}, { stdin: source("hello", "more") });
    expect(guest.read(0, 2, 1)).toBe("hel");
    expect(guest.read(0, 100)).toBe("lo");
    expect(guest.read(0, 100)).toBe("more");
    expect(guest.read(0, 100)).toBe("");
    expect(guest.read(0, 100)).toBe("");
    expect(new TestGuest().read(0, 1)).toBe("");
  });

  test("is not read when 0 bytes are requested", () => {
    const guest = new TestGuest({}, { stdin: source("hello") });
    expect(guest.read(0, 0)).toBe("");
    expect(guest.read(0, 5)).toBe("hello");
  });

  test("suspends the guest until bytes arrive", async () => {
    const guest = new TestGuest({}, { stdin: source(Promise.resolve("late")) });
    const buffer = guest.allocate(8);
    expect(await guest.wait("fd_read", 0, ...guest.buffers([buffer, 8]), 8)).toBe("SUCCESS");
    expect(guest.text(buffer, guest.view.getUint32(8, true))).toBe("late");
  });

  test("with NONBLOCK is EAGAIN until bytes arrive", async () => {
    let arrive = (_text: string): void => {};
    const late = new Promise<string>((resolve) => {
      arrive = resolve;
    });
    const guest = new TestGuest({}, { stdin: source(late) });
    expect(guest.call("fd_fdstat_set_flags", 0, NONBLOCK)).toBe("SUCCESS");
    expect(() => guest.read(0, 8)).toThrow("EAGAIN");
    expect(() => guest.read(0, 8)).toThrow("EAGAIN");
    arrive("late");
    await new Promise((resolve) => setImmediate(resolve));
    expect(guest.read(0, 8)).toBe("late");
  });

  test("fails the guest's call when its source fails", async () => {
    const fails = new TestGuest(
      {},
      {
        stdin: {
          read: () => {
            throw new Error("gone");
          },
        },
      },
    );
    expect(() => fails.read(0, 1)).toThrow("EIO");
    const rejects = new TestGuest({}, { stdin: source(Promise.reject(new Error("gone"))) });
    expect(await rejects.wait("fd_read", 0, ...rejects.buffers([64, 8]), 8)).toBe("EIO");
  });

  test("can't be written to and has no position", () => {
    const guest = new TestGuest();
    expect(() => guest.write(0, "x")).toThrow("EBADF");
    expect(() => guest.pread(0, 1, 0n)).toThrow("ESPIPE");
  });
});

describe("stdout and stderr", () => {
  test("receive the bytes of a call as one chunk", () => {
    const chunks: string[] = [];
    const stdout = { write: (bytes: Uint8Array) => chunks.push(new TextDecoder().decode(bytes)) };
    const guest = new TestGuest({}, { stdout: { write: (bytes) => void stdout.write(bytes) } });
    expect(guest.write(1, "hel", "", "lo")).toBe(5);
    guest.write(1);
    guest.write(1, "");
    expect(chunks).toEqual(["hello"]);
  });

  test("drop bytes over the budget, but report them as written", () => {
    const guest = new TestGuest({ outputBytes: 5 });
    expect(guest.write(1, "12345")).toBe(5);
    expect(guest.preview1.stdout.truncated).toBe(false);
    expect(guest.write(2, "123", "456")).toBe(6);
    expect(guest.write(2, "7")).toBe(1);
    expect(guest.preview1.stderr.truncated).toBe(true);
    expect(guest.written).toEqual({ stdout: "12345", stderr: "12345" });
    guest.preview1.stderr.reset();
    expect(guest.preview1.stderr.truncated).toBe(false);
    guest.write(2, "678");
    expect(guest.written.stderr).toBe("12345678");
  });

  test("without a sink accept everything", () => {
    const guest = new TestGuest({}, { stdout: undefined });
    expect(guest.write(1, "nobody")).toBe(6);
  });

  test("can't be read", () => {
    expect(() => new TestGuest().read(1, 1)).toThrow("EBADF");
  });
});

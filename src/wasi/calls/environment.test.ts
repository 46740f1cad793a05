import { describe, expect, test } from "vitest";
import { TestGuest } from "../guest.test-kit.ts";
import { PREVIEW1_SIGNATURES } from "../preview1-signatures.ts";
import { WasiExit } from "../wasi-exit.ts";

/** Reads a list of C strings as a guest does: sizes first, then pointers and strings. */
function strings(guest: TestGuest, kind: "args" | "environ"): string[] {
  expect(guest.call(`${kind}_sizes_get`, 512, 516)).toBe("SUCCESS");
  const count = guest.view.getUint32(512, true);
  const bytes = guest.view.getUint32(516, true);
  const pointers = guest.allocate(count * 4);
  const buffer = guest.allocate(bytes + 1);
  guest.bytes[buffer + bytes] = 0xee;
  expect(guest.call(`${kind}_get`, pointers, buffer)).toBe("SUCCESS");
  expect(guest.bytes[buffer + bytes]).toBe(0xee);
  return Array.from({ length: count }, (_, index) => {
    const start = guest.view.getUint32(pointers + index * 4, true);
    return guest.text(start, guest.bytes.indexOf(0, start) - start);
  });
}

describe("arguments and environment", () => {
  test("reach the guest unchanged", () => {
    const args = ["program", "", "ünïcode 🙂", 'quo"te\n'];
    const guest = new TestGuest({}, { args, env: { a: "text", b: 'x " y', c: "", d: "1=2" } });
    expect(strings(guest, "args")).toEqual(args);
    expect(strings(guest, "environ")).toEqual(["a=text", 'b=x " y', "c=", "d=1=2"]);
  });

  test("keep a byte order mark", () => {
    const guest = new TestGuest({}, { args: ["\uFEFFa"], env: { "\uFEFFname": "\uFEFFvalue" } });
    expect(strings(guest, "args")).toEqual(["\uFEFFa"]);
    expect(strings(guest, "environ")).toEqual(["\uFEFFname=\uFEFFvalue"]);
  });

  test("are empty by default", () => {
    const guest = new TestGuest();
    expect(strings(guest, "args")).toEqual([]);
    expect(strings(guest, "environ")).toEqual([]);
    expect(guest.call("args_get", -1, -1)).toBe("SUCCESS");
  });

  test("are rejected when they are not valid C strings", () => {
    expect(() => new TestGuest({}, { args: ["a\0b"] })).toThrow(TypeError);
    expect(() => new TestGuest({}, { env: { a: "b\0" } })).toThrow(TypeError);
    expect(() => new TestGuest({}, { env: { "a=b": "c" } })).toThrow(TypeError);
    expect(() => new TestGuest({}, { env: { "": "c" } })).toThrow(TypeError);
  });

  test("are written completely or not at all", () => {
    const guest = new TestGuest({}, { args: ["abc", "def"] });
    const end = guest.memory.buffer.byteLength;
    expect(guest.call("args_sizes_get", end - 3, 8)).toBe("EFAULT");
    expect(guest.call("args_sizes_get", 8, end - 3)).toBe("EFAULT");
    expect(guest.call("args_get", end - 7, 512)).toBe("EFAULT");
    expect(guest.call("args_get", 512, end - 7)).toBe("EFAULT");
    expect(guest.bytes.every((byte) => byte === 0)).toBe(true);
    expect(guest.call("args_get", 512, end - 8)).toBe("SUCCESS");
  });
});

describe("clocks", () => {
  test("return the given time and resolution", () => {
    const guest = new TestGuest();
    expect(guest.call("clock_time_get", 0, 1n, 512)).toBe("SUCCESS");
    expect(guest.view.getBigUint64(512, true)).toBe(guest.clock.realtimeNs());
    expect(guest.call("clock_time_get", 1, -1n, 512)).toBe("SUCCESS");
    expect(guest.view.getBigUint64(512, true)).toBe(guest.clock.monotonicNs());
    for (const id of [0, 1]) {
      expect(guest.call("clock_res_get", id, 512)).toBe("SUCCESS");
      expect(guest.view.getBigUint64(512, true)).toBe(1000n);
    }
  });

  test("that are monotonic never return a time twice", () => {
    const guest = new TestGuest();
    const look = () => {
      expect(guest.call("clock_time_get", 1, 0n, 512)).toBe("SUCCESS");
      return guest.view.getBigUint64(512, true);
    };
    const startNs = guest.clock.monotonicNs();
    expect([look(), look(), look()]).toEqual([startNs, startNs + 1n, startNs + 2n]);
    guest.clock.timeNs += 1000n;
    expect(look()).toBe(startNs + 1000n);
  });

  test("of CPU time are ENOTSUP, and unknown ones EINVAL", () => {
    const guest = new TestGuest();
    for (const [id, code] of [
      [2, "ENOTSUP"],
      [3, "ENOTSUP"],
      [4, "EINVAL"],
      [-1, "EINVAL"],
    ] as const) {
      expect(guest.call("clock_time_get", id, 0n, 512)).toBe(code);
      expect(guest.call("clock_res_get", id, 512)).toBe(code);
    }
  });

  test("require eight bytes for the result", () => {
    const guest = new TestGuest();
    const end = guest.memory.buffer.byteLength;
    expect(guest.call("clock_time_get", 0, 0n, end - 8)).toBe("SUCCESS");
    expect(guest.call("clock_time_get", 0, 0n, end - 7)).toBe("EFAULT");
    expect(guest.call("clock_res_get", 0, end - 7)).toBe("EFAULT");
  });
});

describe("random_get", () => {
  test("fills only the buffer, in requests of at most 65,536 bytes", () => {
    const asked: number[] = [];
    const random = (bytes: Uint8Array) => {
      asked.push(bytes.length);
      bytes.fill(0xab);
    };
    const guest = new TestGuest({}, { random });
    expect(guest.call("random_get", 512, 65_536 + 1)).toBe("SUCCESS");
    expect(asked).toEqual([65_536, 1]);
    expect(guest.bytes.indexOf(0xab)).toBe(512);
    expect(guest.bytes.lastIndexOf(0xab)).toBe(512 + 65_536);
  });

  test("accepts 0 bytes anywhere and rejects more bytes than the memory has", () => {
    const guest = new TestGuest();
    expect(guest.call("random_get", 512, 0)).toBe("SUCCESS");
    expect(guest.call("random_get", -1, 0)).toBe("SUCCESS");
    expect(guest.call("random_get", 512, -1)).toBe("EFAULT");
    expect(guest.call("random_get", guest.memory.buffer.byteLength, 1)).toBe("EFAULT");
  });

  test("fails when its source throws", () => {
    const random = () => {
      throw new Error("no entropy");
    };
    expect(new TestGuest({}, { random }).call("random_get", 512, 1)).toBe("EIO");
  });
});

describe("the process", () => {
  test("exits with an unsigned code", () => {
    const guest = new TestGuest();
    for (const [code, exitCode] of [
      [0, 0],
      [33, 33],
      [-1, 2 ** 32 - 1],
    ] as const) {
      expect(() => guest.call("proc_exit", code)).toThrow(new WasiExit(exitCode));
      expect(() => guest.call("proc_exit", code)).toThrow(WasiExit);
    }
  });

  test("gets ENOSYS for signals", () => {
    expect(new TestGuest().call("proc_raise", 6)).toBe("ENOSYS");
  });

  test("can yield, which has no effect", () => {
    expect(new TestGuest().call("sched_yield")).toBe("SUCCESS");
  });
});

test("socket calls fail with ENOTSOCK on an open descriptor, and with EBADF on any other", () => {
  const guest = new TestGuest();
  for (const name of ["sock_accept", "sock_recv", "sock_send", "sock_shutdown"]) {
    const rest = (PREVIEW1_SIGNATURES.get(name)?.params ?? []).slice(1).map(() => 0);
    for (const fd of [0, 1, 3]) expect(guest.call(name, fd, ...rest)).toBe("ENOTSOCK");
    expect(guest.call(name, 99, ...rest)).toBe("EBADF");
  }
});

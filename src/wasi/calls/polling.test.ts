import { describe, expect, test } from "vitest";
import { TestGuest } from "../guest.test-kit.ts";
import { Rights } from "../rights.ts";

const REALTIME = 0;
const MONOTONIC = 1;
const ABSOLUTE = 1;
const NONBLOCK = 4;
const MS = 1_000_000n;

type Subscription =
  | { clock: number; timeoutNs: bigint; flags?: number }
  | { read: number }
  | { write: number }
  | { type: number };

interface PollEvent {
  userdata: bigint;
  errno: number;
  type: number;
  bytes: bigint;
  flags: number;
}

/** Puts subscriptions into memory; their userdata is their index, counted from 1. */
function prepare(guest: TestGuest, list: readonly Subscription[]) {
  const subscriptions = guest.allocate(48 * list.length);
  const events = guest.allocate(32 * list.length);
  const result = guest.allocate(4);
  guest.bytes.fill(0, subscriptions, subscriptions + 48 * list.length);
  list.forEach((subscription, index) => {
    const at = subscriptions + 48 * index;
    const { view } = guest;
    view.setBigUint64(at, BigInt(index + 1), true);
    if ("clock" in subscription) {
      view.setUint32(at + 16, subscription.clock, true);
      view.setBigUint64(at + 24, subscription.timeoutNs, true);
      view.setUint16(at + 40, subscription.flags ?? 0, true);
    } else if ("read" in subscription) {
      view.setUint8(at + 8, 1);
      view.setUint32(at + 16, subscription.read, true);
    } else if ("write" in subscription) {
      view.setUint8(at + 8, 2);
      view.setUint32(at + 16, subscription.write, true);
    } else {
      view.setUint8(at + 8, subscription.type);
    }
  });
  const read = (): PollEvent[] =>
    Array.from({ length: guest.view.getUint32(result, true) }, (_, index) => ({
      userdata: guest.view.getBigUint64(events + 32 * index, true),
      errno: guest.view.getUint16(events + 32 * index + 8, true),
      type: guest.view.getUint8(events + 32 * index + 10),
      bytes: guest.view.getBigUint64(events + 32 * index + 16, true),
      flags: guest.view.getUint16(events + 32 * index + 24, true),
    }));
  return { args: [subscriptions, events, list.length, result] as const, read };
}

function poll(guest: TestGuest, ...list: Subscription[]): PollEvent[] {
  const { args, read } = prepare(guest, list);
  const code = guest.call("poll_oneoff", ...args);
  if (code !== "SUCCESS") throw new Error(code);
  return read();
}

async function waitPoll(guest: TestGuest, ...list: Subscription[]): Promise<PollEvent[]> {
  const { args, read } = prepare(guest, list);
  expect(await guest.wait("poll_oneoff", ...args)).toBe("SUCCESS");
  return read();
}

describe("clocks", () => {
  const event = { errno: 0, type: 0, bytes: 0n, flags: 0 };

  test("let the guest sleep once, for the requested time", () => {
    const guest = new TestGuest();
    const events = poll(guest, { clock: MONOTONIC, timeoutNs: 30n * MS });
    expect(events).toEqual([{ ...event, userdata: 1n }]);
    expect(guest.sleptMs).toEqual([30]);
    poll(guest, { clock: REALTIME, timeoutNs: 1500n });
    expect(guest.sleptMs).toEqual([30, 0.0015]);
  });

  test("wake the guest for the earliest, with all that are due then", () => {
    const guest = new TestGuest();
    const events = poll(
      guest,
      { clock: MONOTONIC, timeoutNs: 70n * MS },
      { clock: MONOTONIC, timeoutNs: 20n * MS },
      { clock: REALTIME, timeoutNs: 20n * MS },
    );
    expect(events.map(({ userdata }) => userdata)).toEqual([2n, 3n]);
    expect(guest.sleptMs).toEqual([20]);
  });

  test("can have an absolute time", () => {
    const guest = new TestGuest();
    for (const [clock, nowNs] of [
      [REALTIME, guest.clock.realtimeNs()],
      [MONOTONIC, guest.clock.monotonicNs()],
    ] as const) {
      poll(guest, { clock, timeoutNs: nowNs + 5n * MS, flags: ABSOLUTE });
      poll(guest, { clock, timeoutNs: nowNs - 5n * MS, flags: ABSOLUTE });
    }
    expect(guest.sleptMs).toEqual([5, 5]);
  });

  test("that are already due need no sleep", () => {
    const guest = new TestGuest();
    const events = poll(
      guest,
      { clock: MONOTONIC, timeoutNs: 0n },
      { clock: MONOTONIC, timeoutNs: 5n },
    );
    expect(events.map(({ userdata }) => userdata)).toEqual([1n]);
    expect(guest.sleptMs).toEqual([]);
  });

  test("that exceed the longest timer are reached in several sleeps", () => {
    const guest = new TestGuest();
    poll(guest, { clock: MONOTONIC, timeoutNs: 3n * 2n ** 31n * MS });
    expect(guest.sleptMs).toEqual([2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1, 3]);
  });

  test("that can sleep with a promise suspend the guest", async () => {
    const sleptMs: number[] = [];
    const sleep = async (milliseconds: number) => void sleptMs.push(milliseconds);
    const guest = new TestGuest({}, { sleep });
    const events = await waitPoll(guest, { clock: MONOTONIC, timeoutNs: 3n * 2n ** 31n * MS });
    expect(events).toEqual([{ ...event, userdata: 1n }]);
    expect(sleptMs).toHaveLength(4);
  });

  test("that do not exist are errors in their events", () => {
    const guest = new TestGuest();
    const clocks = [2, 3, 4, 99].map((clock) => ({ clock, timeoutNs: 0n }));
    const events = poll(guest, ...clocks, { clock: MONOTONIC, timeoutNs: 0n, flags: 2 });
    const { ENOTSUP, EINVAL } = { ENOTSUP: 58, EINVAL: 28 };
    expect(events.map(({ errno }) => errno)).toEqual([ENOTSUP, ENOTSUP, EINVAL, EINVAL, EINVAL]);
  });
});

describe("descriptors", () => {
  test("of files are ready, with the number of bytes", () => {
    const guest = new TestGuest();
    guest.files.write("file", "0123456789");
    const fd = guest.open("file");
    guest.seek(fd, 4n, 0);
    const far = guest.open("file");
    guest.seek(far, 400n, 0);
    const events = poll(
      guest,
      { read: fd },
      { write: fd },
      { read: far },
      { clock: MONOTONIC, timeoutNs: MS },
    );
    expect(events).toEqual([
      { userdata: 1n, errno: 0, type: 1, bytes: 6n, flags: 0 },
      { userdata: 2n, errno: 0, type: 2, bytes: 65_536n, flags: 0 },
      { userdata: 3n, errno: 0, type: 1, bytes: 0n, flags: 0 },
    ]);
    expect(guest.sleptMs).toEqual([]);
  });

  test("stdout and stderr are ready for writing", () => {
    const events = poll(new TestGuest(), { write: 1 }, { write: 2 });
    expect(events.map(({ errno, type }) => [errno, type])).toEqual([
      [0, 2],
      [0, 2],
    ]);
  });

  test("that are not open or lack the right are errors in their events", () => {
    const guest = new TestGuest();
    guest.files.write("file", "");
    const reader = guest.open("file", { rights: Rights.FD_READ | Rights.POLL_FD_READWRITE });
    const noPoll = guest.open("file", { rights: Rights.FD_READ });
    const events = poll(
      guest,
      { read: 99 },
      { write: reader },
      { read: 1 },
      { read: noPoll },
      { read: 3 },
      { type: 3 },
    );
    const { EBADF, EINVAL, ENOTCAPABLE } = { EBADF: 8, EINVAL: 28, ENOTCAPABLE: 76 };
    expect(events.map(({ errno }) => errno)).toEqual([
      EBADF,
      EBADF,
      EBADF,
      ENOTCAPABLE,
      EBADF,
      EINVAL,
    ]);
  });
});

describe("stdin", () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const ready = { userdata: 1n, errno: 0, type: 1 };
  /** Nothing comes until `arrive` is called. */
  const lateSource = () => {
    let arrive = (_text: string): void => {};
    const bytes = new Promise<Uint8Array>((resolve) => {
      arrive = (text) => resolve(encode(text));
    });
    return { stdin: { read: () => bytes }, arrive: (text: string) => arrive(text) };
  };

  test("at its end is ready, with the hangup flag", () => {
    const events = poll(new TestGuest(), { read: 0 }, { clock: MONOTONIC, timeoutNs: MS });
    expect(events).toEqual([{ ...ready, bytes: 0n, flags: 1 }]);
  });

  test("with available bytes is ready, and keeps them for the read", () => {
    const guest = new TestGuest({}, { stdin: { read: () => encode("hello") } });
    expect(poll(guest, { read: 0 })).toEqual([{ ...ready, bytes: 5n, flags: 0 }]);
    expect(guest.read(0, 9)).toBe("hello");
  });

  test("is awaited", async () => {
    const { stdin, arrive } = lateSource();
    const guest = new TestGuest({}, { stdin });
    const polled = waitPoll(guest, { read: 0 });
    arrive("hi");
    expect(await polled).toEqual([{ ...ready, bytes: 2n, flags: 0 }]);
    expect(guest.read(0, 9)).toBe("hi");
  });

  test("is awaited until a clock is due", async () => {
    const { stdin } = lateSource();
    const sleep = async () => {};
    const guest = new TestGuest({}, { stdin, sleep });
    const events = await waitPoll(guest, { read: 0 }, { clock: MONOTONIC, timeoutNs: MS });
    expect(events.map(({ userdata, type }) => [userdata, type])).toEqual([[2n, 0]]);
  });

  test("that arrives before the clock is due is the only event", async () => {
    const { stdin, arrive } = lateSource();
    const guest = new TestGuest({}, { stdin, sleep: () => new Promise(() => {}) });
    const polled = waitPoll(guest, { read: 0 }, { clock: MONOTONIC, timeoutNs: MS });
    arrive("hi");
    expect(await polled).toEqual([{ ...ready, bytes: 2n, flags: 0 }]);
  });

  /** A source that blocks the thread; input comes after so many milliseconds of waiting. */
  const blockingSource = (afterMs: number) => {
    const waitedMs: number[] = [];
    let leftMs = afterMs;
    const read = (_maxBytes: number, waitMs: number) => {
      if (waitMs > 0) waitedMs.push(waitMs);
      const isThere = leftMs <= waitMs;
      leftMs -= Math.min(leftMs, waitMs);
      return isThere ? encode("hi") : undefined;
    };
    const sleep = (ms: number, wait = (_ms: number) => false) => void wait(ms);
    return { extras: { stdin: { read }, sleep }, waitedMs };
  };

  test("that blocks the thread is awaited until a clock is due, and can be read later", () => {
    const { extras, waitedMs } = blockingSource(7);
    const guest = new TestGuest({}, extras);
    const timeout = { clock: MONOTONIC, timeoutNs: 5n * MS };
    expect(poll(guest, { read: 0 }, timeout).map(({ userdata }) => userdata)).toEqual([2n]);
    expect(poll(guest, { read: 0 }, timeout)).toEqual([{ ...ready, bytes: 2n, flags: 0 }]);
    expect(waitedMs).toEqual([5, 5]);
    expect(guest.read(0, 9)).toBe("hi");
  });

  test("that blocks the thread is awaited without a clock", () => {
    const { extras, waitedMs } = blockingSource(7);
    expect(poll(new TestGuest({}, extras), { read: 0 })).toEqual([
      { ...ready, bytes: 2n, flags: 0 },
    ]);
    expect(waitedMs).toEqual([Infinity]);
  });

  test("that blocks the thread is EAGAIN for a non-blocking read", () => {
    const { extras } = blockingSource(7);
    const guest = new TestGuest({}, extras);
    expect(guest.call("fd_fdstat_set_flags", 0, NONBLOCK)).toBe("SUCCESS");
    expect(() => guest.read(0, 9)).toThrow("EAGAIN");
    expect(guest.call("fd_fdstat_set_flags", 0, 0)).toBe("SUCCESS");
    expect(guest.read(0, 9)).toBe("hi");
  });

  test("yields to a sleep that blocks", () => {
    const { stdin } = lateSource();
    const guest = new TestGuest({}, { stdin });
    const events = poll(guest, { read: 0 }, { clock: MONOTONIC, timeoutNs: MS });
    expect(events.map(({ userdata }) => userdata)).toEqual([2n]);
  });

  test("that fails is an error of the call", async () => {
    const stdin = { read: () => Promise.reject(new Error("gone")) };
    const guest = new TestGuest({}, { stdin });
    const { args } = prepare(guest, [{ read: 0 }]);
    expect(await guest.wait("poll_oneoff", ...args)).toBe("EIO");
  });
});

describe("arguments", () => {
  test("without subscriptions, or with more than 4,096, are an error", () => {
    const guest = new TestGuest();
    expect(() => poll(guest)).toThrow("EINVAL");
    const many = (count: number) =>
      Array.from({ length: count }, () => ({ clock: MONOTONIC, timeoutNs: 0n }));
    expect(poll(guest, ...many(4096))).toHaveLength(4096);
    expect(() => poll(guest, ...many(4097))).toThrow("EINVAL");
  });

  test("have three addresses that are checked", () => {
    const guest = new TestGuest();
    const end = guest.memory.buffer.byteLength;
    expect(guest.call("poll_oneoff", end - 47, 512, 1, 8)).toBe("EFAULT");
    expect(guest.call("poll_oneoff", 512, end - 31, 1, 8)).toBe("EFAULT");
    expect(guest.call("poll_oneoff", 512, 1024, 1, end - 3)).toBe("EFAULT");
    expect(guest.sleptMs).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OpenFlags } from "./flags.ts";
import { TestGuest } from "./guest.test-kit.ts";
import { SUSPENDING_CALLS } from "./preview1.ts";
import { PREVIEW1_SIGNATURES } from "./preview1-signatures.ts";
import { ALL_RIGHTS } from "./rights.ts";
import { WasiExit } from "./wasi-exit.ts";

const PAGE = 65_536;
/** The address of subscriptions in page 0, after the paths. */
const SUBSCRIPTIONS = 48 * 1024;

describe("imports", () => {
  test("are the 46 calls, with the number of parameters in their signatures", () => {
    const { imports } = new TestGuest().preview1;
    expect(Object.keys(imports).sort()).toEqual([...PREVIEW1_SIGNATURES.keys()].sort());
    expect(PREVIEW1_SIGNATURES.size).toBe(46);
    for (const name of SUSPENDING_CALLS) expect(PREVIEW1_SIGNATURES.has(name)).toBe(true);
  });

  test("return an error number before the memory is attached", async () => {
    const guest = new TestGuest();
    guest.preview1.attachMemory({ buffer: new ArrayBuffer(0) } as WebAssembly.Memory);
    for (const [name, { params }] of PREVIEW1_SIGNATURES) {
      if (name === "proc_exit") continue;
      const args = params.map((type) => (type === "i64" ? 1n : 1));
      expect(await guest.raw(name, ...args)).toBeTypeOf("number");
    }
  });
});

/** The meaning of an argument of a call, which decides the values to try. */
type Role =
  | "fd"
  | "path"
  | "buffers"
  | "subscriptions"
  | "out"
  | "length"
  | "count"
  | "size"
  | "lookup"
  | "small"
  | "any32"
  | "any64";

const ROLES: Record<string, readonly Role[]> = {
  args_get: ["out", "out"],
  args_sizes_get: ["out", "out"],
  environ_get: ["out", "out"],
  environ_sizes_get: ["out", "out"],
  clock_res_get: ["small", "out"],
  clock_time_get: ["small", "any64", "out"],
  fd_advise: ["fd", "any64", "any64", "small"],
  fd_allocate: ["fd", "size", "size"],
  fd_close: ["fd"],
  fd_datasync: ["fd"],
  fd_fdstat_get: ["fd", "out"],
  fd_fdstat_set_flags: ["fd", "small"],
  fd_fdstat_set_rights: ["fd", "any64", "any64"],
  fd_filestat_get: ["fd", "out"],
  fd_filestat_set_size: ["fd", "size"],
  fd_filestat_set_times: ["fd", "any64", "any64", "small"],
  fd_pread: ["fd", "buffers", "count", "size", "out"],
  fd_prestat_get: ["fd", "out"],
  fd_prestat_dir_name: ["fd", "out", "length"],
  fd_pwrite: ["fd", "buffers", "count", "size", "out"],
  fd_read: ["fd", "buffers", "count", "out"],
  fd_readdir: ["fd", "out", "length", "size", "out"],
  fd_renumber: ["fd", "fd"],
  fd_seek: ["fd", "size", "small", "out"],
  fd_sync: ["fd"],
  fd_tell: ["fd", "out"],
  fd_write: ["fd", "buffers", "count", "out"],
  path_create_directory: ["fd", "path"],
  path_filestat_get: ["fd", "lookup", "path", "out"],
  path_filestat_set_times: ["fd", "lookup", "path", "any64", "any64", "small"],
  path_link: ["fd", "lookup", "path", "fd", "path"],
  path_open: ["fd", "lookup", "path", "small", "any64", "any64", "small", "out"],
  path_readlink: ["fd", "path", "out", "length", "out"],
  path_remove_directory: ["fd", "path"],
  path_rename: ["fd", "path", "fd", "path"],
  path_symlink: ["path", "fd", "path"],
  path_unlink_file: ["fd", "path"],
  poll_oneoff: ["subscriptions", "out", "count", "out"],
  proc_exit: ["any32"],
  proc_raise: ["any32"],
  random_get: ["out", "length"],
  sched_yield: [],
  sock_accept: ["fd", "any32", "out"],
  sock_recv: ["fd", "buffers", "count", "any32", "out", "out"],
  sock_send: ["fd", "buffers", "count", "any32", "out"],
  sock_shutdown: ["fd", "any32"],
};

const PATHS = "a b c d e/f a/b b/c/d . .. ../a / /a a/ a/. a/.. a/../b link loop dangling".split(
  " ",
);
PATHS.push(
  "",
  "\0",
  "a\0",
  "__proto__",
  "é",
  "🙂",
  "x".repeat(255),
  "x".repeat(256),
  "a/".repeat(300),
);

/** An address that is not in memory, whatever is added to it. */
const beyond = fc.integer({ min: 4 * PAGE, max: 2 ** 32 - 1 }).map((value) => value | 0);

function oftenOrBeyond(arbitrary: fc.Arbitrary<number>): fc.Arbitrary<number> {
  return fc.oneof({ weight: 20, arbitrary }, beyond);
}

/**
 * Arguments as a guest may pass them: mostly ones that get somewhere, and some of each absurd kind.
 *
 * Memory has four pages. Page 0 has paths and subscriptions in it, page 1 lists of buffers; page 2 is
 * where results go, into its first half only. All but that half must stay as it was.
 */
function argumentsFor(role: Role): fc.Arbitrary<(number | bigint)[]> {
  const one = <T extends number | bigint>(values: fc.Arbitrary<T>) =>
    values.map((value) => [value]);
  const any64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  switch (role) {
    case "fd":
      return one(
        fc.oneof(
          { weight: 10, arbitrary: fc.constant(3) },
          { weight: 20, arbitrary: fc.nat({ max: 15 }) },
          fc.integer(),
        ),
      );
    case "path":
      return fc.oneof(
        { weight: 20, arbitrary: fc.nat({ max: PATHS.length - 1 }).map(placeOfPath) },
        fc.tuple(beyond, fc.nat({ max: 10 })),
        fc.tuple(fc.nat({ max: 100 }), beyond),
      );
    case "buffers":
      return one(oftenOrBeyond(fc.nat({ max: 8000 }).map((index) => PAGE + index * 8)));
    case "subscriptions":
      return one(oftenOrBeyond(fc.nat({ max: 300 }).map((index) => SUBSCRIPTIONS + index * 48)));
    case "out":
      return one(oftenOrBeyond(fc.nat({ max: PAGE / 4 }).map((at) => 2 * PAGE + at)));
    case "length":
      return one(oftenOrBeyond(fc.nat({ max: 1000 })));
    case "count":
      return one(oftenOrBeyond(fc.nat({ max: 16 })));
    case "lookup":
      return one(fc.oneof({ weight: 20, arbitrary: fc.nat({ max: 1 }) }, fc.integer()));
    case "small":
      return one(fc.oneof({ weight: 20, arbitrary: fc.nat({ max: 9 }) }, fc.integer()));
    case "size":
      return one(fc.oneof({ weight: 10, arbitrary: fc.bigInt({ min: -9n, max: 5000n }) }, any64));
    case "any32":
      return one(fc.integer());
    case "any64":
      return one(fc.oneof(any64, fc.constantFrom(0n, -1n, 2n ** 30n - 1n, 0x8e0_01ffn)));
  }
}

/** Returns the pointer and length of a path. */
function placeOfPath(index: number): [pointer: number, length: number] {
  return [index * 1024, new TextEncoder().encode(PATHS[index] ?? "").length];
}

/** Fills memory with the state that every sequence of calls starts from. */
function furnish(guest: TestGuest): void {
  const { bytes, view } = guest;
  bytes.fill(0xcc);
  PATHS.forEach((path, index) => bytes.set(new TextEncoder().encode(path), index * 1024));
  for (let index = 0; index < PAGE / 8; index++) {
    const wild = index % 97 === 0;
    view.setUint32(PAGE + index * 8, wild ? 5 * PAGE : 2 * PAGE + index, true);
    view.setUint32(PAGE + index * 8 + 4, wild ? 2 ** 31 : index % 300, true);
  }
  for (let index = 0; index < 340; index++) {
    const at = SUBSCRIPTIONS + index * 48;
    view.setUint8(at + 8, index % 17 === 0 ? 3 : index % 3);
    view.setUint32(at + 16, index % 7, true);
    view.setBigUint64(at + 24, BigInt(index % 11) * 1_000_000n, true);
    view.setUint16(at + 40, index % 2, true);
  }
}

const anyCall = fc.constantFrom(...Object.entries(ROLES)).chain(([name, roles]) =>
  fc.tuple(
    fc.constant(name),
    fc.tuple(...roles.map(argumentsFor)).map((args) => args.flat()),
  ),
);

function anyGuest(): TestGuest {
  let reads = 0;
  const stdin = {
    read: (maxBytes: number) => {
      const bytes = new Uint8Array(Math.min(maxBytes, ++reads % 50));
      return reads % 3 === 0 ? Promise.resolve(bytes) : bytes;
    },
  };
  const limits = { fileBytes: 20_000, inodes: 50, openFiles: 16, directoryDepth: 5 };
  const sleep = (milliseconds: number) => (milliseconds > 5 ? Promise.resolve() : undefined);
  const guest = new TestGuest(limits, { stdin, sleep, args: ["a", "b"], env: { c: "d" } });
  guest.files.load({ a: { b: "file", c: {} }, b: "other" });
  guest.files.mount("d", { b: "read-only" }, { readOnly: true });
  for (const path of ["a", "a/c", "d"]) guest.openDirectory(path);
  for (const path of ["a/b", "b"]) guest.open(path, { rights: ALL_RIGHTS });
  guest.symlink("a/b", "link");
  guest.symlink("loop", "loop");
  guest.symlink("missing", "dangling");
  furnish(guest);
  return guest;
}

test("any call with any arguments returns a number and writes only where it may", async () => {
  const calls = fc.array(anyCall, { maxLength: 100, size: "max" });
  await fc.assert(
    fc.asyncProperty(calls, async (sequence) => {
      const guest = anyGuest();
      const before = guest.bytes.slice();
      for (const [name, args] of sequence) {
        try {
          const errno = await guest.raw(name, ...args);
          if (!Number.isInteger(errno) || errno < 0 || errno > 76) {
            throw new Error(`${name}(${args.join(", ")}) answered with ${errno}`);
          }
        } catch (error) {
          if (!(error instanceof WasiExit && name === "proc_exit")) throw error;
        }
      }
      const after = guest.bytes;
      after.copyWithin(2 * PAGE, 3 * PAGE, 3 * PAGE + PAGE / 2);
      const changed = after.findIndex((byte, at) => byte !== before[at]);
      if (changed >= 0) throw new Error(`Memory was changed at ${changed}`);
    }),
    { numRuns: 300 },
  );
}, 60_000);

test("an internal error is EIO to the guest, not an exception", async () => {
  const fail = (): never => {
    throw new TypeError("broken");
  };
  const broken = new TestGuest({}, { random: fail, stdout: { write: fail }, sleep: fail });
  expect(broken.call("random_get", 512, 8)).toBe("EIO");
  expect(() => broken.write(1, "x")).toThrow("EIO");
  broken.clock.realtimeNs = fail;
  expect(broken.call("clock_time_get", 0, 0n, 8)).toBe("EIO");
  expect(() => broken.mkdir("x")).toThrow("EIO");
});

test("a call with missing arguments or arguments of another type is EINVAL and has no effect", () => {
  const guest = new TestGuest();
  const fd = guest.open("file", { flags: OpenFlags.CREAT });
  const [buffers, count] = guest.buffers([64, 8]);
  const calls: [name: string, args: (number | bigint)[]][] = [
    ["fd_pwrite", [fd, buffers, count]],
    ["fd_pwrite", [fd, buffers, count, 0, 8]],
    ["fd_filestat_set_size", [fd]],
    ["fd_filestat_set_size", [BigInt(fd), 8n]],
    ["random_get", []],
  ];
  for (const [name, args] of calls) expect(guest.call(name, ...args)).toBe("EINVAL");
  expect(guest.files.stat("/file").size).toBe(0);
});

test("a call without enough stack throws the engine's error", () => {
  const guest = new TestGuest();
  const fd = guest.open("file", { flags: OpenFlags.CREAT });
  const results = new Set<string>();
  const descend = (): void => {
    try {
      descend();
    } catch {
      // Each frame on the way back leaves more free stack, until there is enough.
      results.add(guest.call("fd_filestat_set_size", fd, 1000n));
      results.add(guest.call("fd_filestat_set_size", fd, 0n));
    }
  };
  descend();
  expect([...results]).toEqual(["SUCCESS"]);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FileShadow } from "../../files/changes/file-shadow.ts";
import { digest, guestStep, startTree, take } from "../../files/file-system.test-kit.ts";
import { ROOT_VOLUME } from "../../files/volume.ts";
import { DEFAULT_LIMITS } from "../../limits.ts";
import { PREVIEW1_SIGNATURES } from "../../wasi/preview1-signatures.ts";
import { ALL_RIGHTS } from "../../wasi/rights.ts";
import { WasiExit } from "../../wasi/wasi-exit.ts";
import { type WasmerGuest, wasmerGuest } from "./wasmer-guest.test-kit.ts";

const CREATE = 1;
const EXCLUSIVE = 4;
const APPEND = 1;
const FOLLOW = 1;
const [SET, CURRENT, END] = [0, 1, 2];

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("files on the wasmer engine", () => {
  test("are shared between guest and page", () => {
    const { guest, engine } = wasmerGuest();
    engine.files.load({ dir: { "a.txt": "from the page" } });
    expect(guest.read(guest.open("dir/a.txt"), 100)).toBe("from the page");
    const fd = guest.open("dir/b.txt", { flags: CREATE });
    expect(guest.write(fd, "from ", "the guest")).toBe(14);
    expect(textOf(engine.files.read("/dir/b.txt"))).toBe("from the guest");
    expect(engine.files.list("/dir")).toEqual([
      { name: "a.txt", type: "file" },
      { name: "b.txt", type: "file" },
    ]);
  });

  test("have one position for reads, writes and seeks", () => {
    const { guest, engine } = wasmerGuest();
    const fd = guest.open("f", { flags: CREATE });
    guest.write(fd, "0123456789");
    expect(guest.read(fd, 5)).toBe("");
    expect(guest.seek(fd, 0n, SET)).toBe(0n);
    guest.write(fd, "ab");
    expect(guest.read(fd, 3)).toBe("234");
    expect(guest.tell(fd)).toBe(5n);
    expect(guest.pread(fd, 4, 1n)).toBe("b234");
    expect(guest.pwrite(fd, "!", 9n)).toBe(1);
    expect(guest.tell(fd)).toBe(5n);
    expect(guest.seek(fd, -2n, CURRENT)).toBe(3n);
    expect(guest.seek(fd, -1n, END)).toBe(9n);
    expect(() => guest.seek(fd, -11n, END)).toThrow("EINVAL");
    expect(() => guest.seek(fd, 0n, 7)).toThrow("EINVAL");
    expect(guest.read(fd, 5)).toBe("!");
    expect(textOf(engine.files.read("f"))).toBe("ab2345678!");
  });

  test("read as zeros where nothing was written, and end at their size", () => {
    const { guest, engine } = wasmerGuest();
    const fd = guest.open("f", { flags: CREATE });
    guest.seek(fd, 4n, SET);
    guest.write(fd, "x");
    expect([...engine.files.read("f")]).toEqual([0, 0, 0, 0, 120]);
    guest.seek(fd, 100n, SET);
    expect(guest.read(fd, 10)).toBe("");
    expect(guest.call("fd_filestat_set_size", fd, 8n)).toBe("SUCCESS");
    expect(guest.fstat(fd).size).toBe(8n);
    expect(guest.call("fd_filestat_set_size", fd, 1n)).toBe("SUCCESS");
    expect([...engine.files.read("f")]).toEqual([0]);
  });

  test("that are open for appending are written at their end", () => {
    const { guest, engine } = wasmerGuest();
    engine.files.write("f", "ab");
    const fd = guest.open("f", { fdFlags: APPEND });
    guest.write(fd, "c");
    guest.write(fd, "d");
    expect(textOf(engine.files.read("f"))).toBe("abcd");
  });

  test("are created once with CREAT and EXCL", () => {
    const { guest } = wasmerGuest();
    guest.close(guest.open("lock", { flags: CREATE | EXCLUSIVE }));
    expect(() => guest.open("lock", { flags: CREATE | EXCLUSIVE })).toThrow("EEXIST");
  });

  test("are renamed, directories with their content", () => {
    const { guest, engine } = wasmerGuest();
    engine.files.load({ a: { b: { f: "1" } }, x: "2", empty: {} });
    const inside = guest.openDirectory("a/b");
    guest.rename("a", "c");
    expect(guest.read(guest.open("c/b/f"), 9)).toBe("1");
    expect(guest.read(guest.open("f", { at: inside }), 9)).toBe("1");
    expect(() => guest.rename("c", "c/b/c")).toThrow("EINVAL");
    expect(() => guest.rename("c", "x")).toThrow("ENOTDIR");
    expect(() => guest.rename("x", "c")).toThrow("EISDIR");
    expect(() => guest.rename("empty", "c")).toThrow("ENOTEMPTY");
    expect(() => guest.rename(".", "d")).toThrow("EBUSY");
    expect(() => guest.rmdir("c")).toThrow("ENOTEMPTY");
    expect(() => guest.unlink("c")).toThrow("EISDIR");
    expect(() => guest.rmdir("x")).toThrow("ENOTDIR");
    expect(Object.keys(engine.files.snapshot())).toEqual(["x", "empty", "c"]);
  });

  test("are all listed with any buffer", () => {
    const { guest, engine } = wasmerGuest();
    const names = Array.from({ length: 300 }, (_, index) => `file-${index}`);
    engine.files.load(Object.fromEntries(names.map((name) => [name, ""])));
    for (const length of [33, 100, 4096]) {
      expect(guest.names(".", length)).toEqual([".", "..", ...names]);
    }
  });

  test("are all listed while listed ones are removed", () => {
    const { guest, engine } = wasmerGuest();
    const names = Array.from({ length: 300 }, (_, index) => `file-${index}`);
    engine.files.load(Object.fromEntries(names.map((name) => [name, ""])));
    const fd = guest.openDirectory(".");
    for (let cookie = 0n, full = true; full; ) {
      const listing = guest.readdir(fd, cookie, 500);
      for (const { name } of listing.entries) if (name.startsWith("file")) guest.unlink(name);
      ({ full } = listing);
      cookie = listing.entries.at(-1)?.next ?? cookie;
    }
    expect(engine.files.list("/")).toEqual([]);
  });

  test("keep the target of a link as written, relative to the link", () => {
    const { guest, engine } = wasmerGuest();
    engine.files.load({ d: { f: "1" } });
    guest.symlink("f", "d/link");
    guest.symlink("./d//link", "link");
    expect(guest.readlink("link")).toBe("./d//link");
    expect(guest.read(guest.open("link", { lookup: FOLLOW }), 9)).toBe("1");
    expect(() => guest.open("link")).toThrow("ELOOP");
    expect([guest.stat("link").type, guest.stat("link", FOLLOW).type]).toEqual([7, 4]);
    expect(() => guest.readlink("d/f")).toThrow("EINVAL");
    expect(textOf(engine.files.read("link"))).toBe("1");
    guest.symlink("loop", "loop");
    expect(() => guest.open("loop", { lookup: FOLLOW })).toThrow("ELOOP");
    expect(engine.files.exists("loop")).toBe(false);
    const snapshot = engine.files.snapshot();
    expect(Object.keys(snapshot)).toEqual(["d", "link"]);
  });

  test("are copied up to limits.fileBytes, copies for links included", () => {
    const { guest, engine } = wasmerGuest({ fileBytes: 8 });
    engine.files.load({ a: "1234" });
    guest.symlink("a", "again");
    expect(Object.keys(engine.files.snapshot())).toEqual(["a", "again"]);
    guest.symlink("a", "and again");
    expect(() => engine.files.snapshot()).toThrow("EFBIG");
  });

  test("can have hard links, but directories can't", () => {
    const { guest, engine } = wasmerGuest();
    engine.files.load({ f: "1", d: {} });
    guest.link("f", "g");
    engine.files.write("f", "2");
    expect(guest.read(guest.open("g"), 9)).toBe("2");
    guest.unlink("f");
    expect(guest.read(guest.open("g"), 9)).toBe("2");
    expect(() => guest.link("d", "e")).toThrow("EPERM");
  });

  test("can't be mounted over", () => {
    const { engine } = wasmerGuest();
    expect(() => engine.files.mount("/m", {})).toThrow("ENOTSUP");
  });

  test("from the page are rejected with invalid names", () => {
    const { engine } = wasmerGuest();
    for (const name of ["..", ".", "", "a/b", "__proto__"]) {
      expect(() => engine.files.load({ [name]: "x" })).toThrow(/EINVAL|EPERM/);
    }
    expect(() => engine.files.read("/../dev/stdin")).toThrow("EPERM");
  });
});

describe("a guest on the wasmer engine", () => {
  test("does not reach files outside its directory in any way that the pair allows", () => {
    const { guest, engine, wasmFs } = wasmerGuest();
    wasmFs.fs.writeFileSync("/canary", "alive");
    engine.files.load({ d: { f: "1" }, f: "1" });
    const attempts = [
      ...["../canary", "/canary", "d/../../canary", "d/../../sandbox/../canary", ".."].flatMap(
        (path) => [
          () => guest.open(path),
          () => guest.open(path, { flags: CREATE }),
          () => guest.stat(path),
          () => guest.mkdir(path),
          () => guest.rmdir(path),
          () => guest.unlink(path),
          () => guest.readlink(path),
          () => guest.rename(path, "mine"),
          () => guest.rename("f", path),
          () => guest.link(path, "mine"),
          () => guest.link("f", path),
          () => guest.symlink("f", path),
        ],
      ),
      () => guest.symlink("/canary", "absolute"),
      () => guest.open("../f", { at: guest.openDirectory("d") }),
    ];
    for (const attempt of attempts) expect(attempt).toThrow(/EPERM|ENOENT/);

    // A link may have any target, but can't be followed out of the directory.
    guest.symlink("../canary", "relative");
    guest.symlink("..", "d/up");
    guest.symlink("d/up/../canary", "through");
    for (const path of ["relative", "d/up/../canary", "through"]) {
      expect(() => guest.open(path, { lookup: FOLLOW })).toThrow("EPERM");
      expect(() => guest.open(path, { lookup: FOLLOW, flags: CREATE })).toThrow("EPERM");
    }
    // Not even after it is moved.
    guest.rename("d/up", "up");
    expect(() => guest.open("up/canary")).toThrow("EPERM");
    expect(wasmFs.fs.readFileSync("/canary", "utf8")).toBe("alive");
    expect(wasmFs.fs.readdirSync("/")).toEqual(["canary", "dev", "sandbox"]);
  });

  test("has only the given streams, with a budget for its output", () => {
    const input = ["one", "two", ""];
    const { guest, engine } = wasmerGuest(
      { outputBytes: 5 },
      { stdin: { read: () => new TextEncoder().encode(input.shift()) } },
    );
    expect(guest.read(0, 2)).toBe("on");
    expect(guest.read(0, 9)).toBe("e");
    expect(guest.read(0, 9)).toBe("two");
    expect(guest.read(0, 9)).toBe("");
    expect(guest.write(1, "abc", "def")).toBe(6);
    expect(guest.written.stdout).toBe("abcde");
    expect(engine.truncated).toEqual({ stdout: true, stderr: false });
    engine.beginCall();
    expect(engine.truncated).toEqual({ stdout: false, stderr: false });
    expect(() => guest.seek(1, 0n, SET)).toThrow("ESPIPE");
    guest.close(1);
    expect(() => guest.write(1, "x")).toThrow("EBADF");
    const fd = guest.open("f", { flags: CREATE });
    guest.write(fd, "in the file");
    expect(guest.written.stdout).toBe("abcde");
  });

  test("has the terminals that the options say", () => {
    const terminal = { stdin: false, stdout: true, stderr: false };
    const { guest } = wasmerGuest({}, { terminal });
    expect([0, 1, 2].map((fd) => guest.fdstat(fd).type)).toEqual([0, 2, 0]);
    expect([0, 1, 2].map((fd) => guest.fstat(fd).type)).toEqual([0, 2, 0]);
  });

  test("waits for a standard input that arrives later", async () => {
    const { guest, engine } = wasmerGuest(
      {},
      { stdin: { read: () => Promise.resolve(new Uint8Array([104, 105])) } },
    );
    expect(engine.suspending.has("fd_read")).toBe(true);
    const buffers = guest.buffers([guest.allocate(8), 8]);
    const result = guest.allocate(4);
    expect(await guest.wait("fd_read", 0, ...buffers, result)).toBe("SUCCESS");
    expect(guest.view.getUint32(result, true)).toBe(2);
  });

  test("has the given arguments, environment, clock and randomness", () => {
    const { guest } = wasmerGuest({}, { args: ["a", "é"], env: { NAME: "value" } });
    const [counts, strings] = [guest.allocate(8), guest.allocate(64)];
    guest.call("args_sizes_get", counts, counts + 4);
    expect([guest.view.getUint32(counts, true), guest.view.getUint32(counts + 4, true)]).toEqual([
      2, 5,
    ]);
    guest.call("args_get", guest.allocate(8), strings);
    expect(guest.text(strings, 5)).toBe("a\0é\0");
    guest.call("environ_get", guest.allocate(8), strings);
    expect(guest.text(strings, 11)).toBe("NAME=value\0");
    expect(guest.call("clock_time_get", 0, 0n, strings)).toBe("SUCCESS");
    expect(guest.view.getBigUint64(strings, true)).toBe(guest.clock.timeNs);
    expect(guest.call("random_get", strings, 3)).toBe("SUCCESS");
    expect(guest.bytes.slice(strings, strings + 3)).toEqual(new Uint8Array(3).fill(0xab));
  });

  test("exits with WasiExit, and gets ENOSYS for what is missing", () => {
    const { guest } = wasmerGuest();
    expect(() => guest.raw("proc_exit", 7)).toThrow(WasiExit);
    expect(guest.call("proc_raise", 9)).toBe("ENOSYS");
    expect(guest.call("fd_allocate", guest.open("f", { flags: CREATE }), 0n, 8n)).toBe("ENOSYS");
  });

  test("renumbers a descriptor in the right direction", () => {
    const { guest } = wasmerGuest();
    const [from, to] = [guest.open("a", { flags: CREATE }), guest.open("b", { flags: CREATE })];
    expect(guest.call("fd_renumber", from, to)).toBe("SUCCESS");
    expect(guest.write(to, "x")).toBe(1);
    expect(guest.stat("a").size).toBe(1n);
    expect(() => guest.write(from, "x")).toThrow("EBADF");
  });

  test("fails socket calls with ENOTSOCK on an open descriptor, and with EBADF on any other", () => {
    const { guest } = wasmerGuest();
    for (const name of ["sock_accept", "sock_recv", "sock_send", "sock_shutdown"]) {
      const rest = (PREVIEW1_SIGNATURES.get(name)?.params ?? []).slice(1).map(() => 0);
      for (const fd of [0, 1, 3, guest.open("f", { flags: CREATE })]) {
        expect(guest.call(name, fd, ...rest)).toBe("ENOTSOCK");
      }
      expect(guest.call(name, 99, ...rest)).toBe("EBADF");
    }
  });

  test("has no descriptor 3 for a guest without a directory, which then reaches no file", () => {
    const { guest, engine } = wasmerGuest({}, { hasDirectory: false });
    engine.files.write("file", "content");
    expect(guest.call("fd_prestat_get", 3, 512)).toBe("EBADF");
    expect(guest.call("fd_fdstat_get", 3, 512)).toBe("EBADF");
    expect(() => guest.open("file")).toThrow("EBADF");
    expect(() => guest.stat("file")).toThrow("EBADF");
    expect(guest.call("sock_shutdown", 3, 0)).toBe("EBADF");
  });

  test("has one preopen, and directories that it opened are not preopens", () => {
    const { guest, engine } = wasmerGuest();
    engine.files.load({ d: {} });
    const [at, name] = [guest.allocate(8), guest.allocate(8)];
    expect(guest.call("fd_prestat_get", 3, at)).toBe("SUCCESS");
    expect(guest.call("fd_prestat_dir_name", 3, name, 1)).toBe("SUCCESS");
    expect(guest.text(name, 1)).toBe("/");
    expect(guest.call("fd_prestat_get", guest.openDirectory("d"), at)).toBe("EBADF");
    expect(guest.call("fd_prestat_get", 99, at)).toBe("EBADF");
  });
});

describe("limits on the wasmer engine", () => {
  test("apply to the bytes in all files, and deleted bytes are free again", () => {
    const { guest, engine } = wasmerGuest({ fileBytes: 10 });
    const fd = guest.open("f", { flags: CREATE });
    expect(guest.write(fd, "0123456789")).toBe(10);
    expect(() => guest.write(fd, "x")).toThrow("EFBIG");
    expect(() => engine.files.write("g", "x")).toThrow("ENOSPC");
    expect(guest.call("fd_filestat_set_size", fd, 2n ** 40n)).toBe("EFBIG");
    guest.unlink("f");
    expect(() => engine.files.write("g", "x")).toThrow("ENOSPC");
    guest.close(fd);
    engine.files.write("g", "0123456789");
    engine.files.write("g", "");
    engine.files.write("h", "0123456789");
  });

  test("apply to names, open files, and the length and depth of paths", () => {
    const { guest, engine } = wasmerGuest({
      inodes: 4,
      openFiles: 6,
      nameBytes: 8,
      pathBytes: 20,
      directoryDepth: 2,
    });
    guest.mkdir("a");
    guest.mkdir("a/b");
    expect(() => guest.mkdir("a/b/c")).toThrow("ENAMETOOLONG");
    expect(() => guest.mkdir("123456789")).toThrow("ENAMETOOLONG");
    expect(() => guest.stat("./././././././././../x")).toThrow("ENAMETOOLONG");
    guest.symlink("a", "link");
    const fds = [guest.open("f", { flags: CREATE }), guest.open("f")];
    expect(() => guest.open("f")).toThrow("EMFILE");
    expect(() => guest.open("g", { flags: CREATE })).toThrow("ENOSPC");
    expect(() => engine.files.mkdir("/g")).toThrow("ENOSPC");
    guest.unlink("link");
    guest.mkdir("g");
    for (const fd of fds) guest.close(fd);
  });
});

test("any call with any arguments returns a number and reaches nothing outside", async () => {
  const paths = [
    "a",
    "a/b",
    "link",
    "loop",
    "..",
    "../canary",
    "/canary",
    "a/..",
    "é",
    "__proto__",
  ];
  const PAGE = 65_536;
  const i32 = fc.oneof(
    { weight: 8, arbitrary: fc.nat({ max: 9 }) },
    { weight: 4, arbitrary: fc.nat({ max: paths.length - 1 }).map((index) => index * 64) },
    { weight: 3, arbitrary: fc.nat({ max: PAGE }).map((at) => PAGE + at * 2) },
    fc.integer(),
  );
  const i64 = fc.oneof(
    fc.bigInt({ min: -9n, max: 5000n }),
    fc.constant(BigInt(ALL_RIGHTS)),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  );
  const anyCall = fc
    .constantFrom(...PREVIEW1_SIGNATURES)
    .chain(([name, { params }]) =>
      fc.tuple(
        fc.constant(name),
        fc.tuple(
          ...params.map((type): fc.Arbitrary<number | bigint> => (type === "i64" ? i64 : i32)),
        ),
      ),
    );
  await fc.assert(
    fc.asyncProperty(fc.array(anyCall, { maxLength: 100, size: "max" }), async (sequence) => {
      const limits = { fileBytes: 20_000, inodes: 50, openFiles: 16, directoryDepth: 5 };
      const { guest, engine, wasmFs } = wasmerGuest(limits);
      wasmFs.fs.writeFileSync("/canary", "alive");
      engine.files.load({ a: { b: "file", c: {} } });
      guest.symlink("a/b", "link");
      guest.symlink("loop", "loop");
      guest.open("a/b", { rights: ALL_RIGHTS });
      guest.openDirectory("a");
      paths.forEach((path, index) => guest.bytes.set(new TextEncoder().encode(path), index * 64));
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
      expect(wasmFs.fs.readFileSync("/canary", "utf8")).toBe("alive");
      expect(wasmFs.fs.readdirSync("/")).toEqual(["canary", "dev", "sandbox"]);
      engine.files.snapshot("/");
    }),
    { numRuns: 300 },
  );
}, 60_000);

describe("changes of files on the wasmer engine", () => {
  test("create an identical volume after any operations", () => {
    const moments = fc.array(fc.array(guestStep, { maxLength: 12 }), { maxLength: 4 });
    fc.assert(
      fc.property(moments, (moments) => {
        const one = wasmerGuest({}, { isJournaled: true });
        const shadow = new FileShadow(DEFAULT_LIMITS);
        shadow.follow(ROOT_VOLUME, { isJournaled: false });
        one.engine.files.load(startTree());
        for (const steps of [[], ...moments]) {
          for (const step of steps) take(step, one.guest, []);
          const changes = one.engine.files.takeChanges();
          if (changes !== undefined) shadow.apply(structuredClone(changes));
          const other = wasmerGuest({}, { isJournaled: true });
          other.engine.files.restore(structuredClone(shadow.image()));
          expect(visibleIn(other)).toEqual(visibleIn(one));
          expect(other.engine.files.takeChanges()).toBeUndefined();
        }
      }),
      { numRuns: 40 },
    );
  });

  test("are undefined when nothing changed, when files were only read, and without a journal", () => {
    const { guest, engine } = wasmerGuest({}, { isJournaled: true });
    engine.files.load({ file: "content", directory: {} });
    expect(engine.files.takeChanges()).toBeDefined();
    guest.read(guest.open("file"), 7);
    guest.names("directory");
    engine.files.snapshot();
    expect(engine.files.takeChanges()).toBeUndefined();
    const unasked = wasmerGuest();
    unasked.engine.files.write("file", "content");
    expect(unasked.engine.files.takeChanges()).toBeUndefined();
  });

  test("are within the limits as the page counts them, symbolic links included", () => {
    const limits = { ...DEFAULT_LIMITS, fileBytes: 10 };
    const { guest, engine } = wasmerGuest(limits, { isJournaled: true });
    const shadow = new FileShadow(limits);
    shadow.follow(ROOT_VOLUME, { isJournaled: false });
    expect(() => guest.symlink("12345678901", "long")).toThrow("EFBIG");
    guest.symlink("1234", "one");
    guest.symlink("ü", "two");
    engine.files.write("file", "1234");
    expect(() => guest.symlink("1", "three")).toThrow("ENOSPC");
    expect(() => engine.files.append("file", "5")).toThrow("ENOSPC");
    guest.unlink("one");
    guest.symlink("12", "three");
    engine.files.append("file", "56");
    shadow.apply(engine.files.takeChanges() ?? { volumes: new Map(), mounts: undefined });
    const other = wasmerGuest(limits, { isJournaled: true });
    other.engine.files.restore(shadow.image());
    expect(() => other.guest.symlink("1", "four")).toThrow("ENOSPC");
  });

  test("keep a restored volume within its limits", () => {
    const limits = { fileBytes: 10, inodes: 3 };
    const one = wasmerGuest(limits, { isJournaled: true });
    one.engine.files.load({ a: "12345", b: "6789" });
    const shadow = new FileShadow(DEFAULT_LIMITS);
    shadow.follow(ROOT_VOLUME, { isJournaled: false });
    shadow.apply(one.engine.files.takeChanges() ?? { volumes: new Map(), mounts: undefined });
    const other = wasmerGuest(limits, { isJournaled: true });
    other.engine.files.restore(shadow.image());
    other.engine.files.append("b", "0");
    expect(() => other.engine.files.append("b", "!")).toThrow("ENOSPC");
    other.engine.files.write("c", "");
    expect(() => other.engine.files.write("d", "")).toThrow("ENOSPC");
  });
});

/** Describes everything in a volume, with a line for each name. */
function visibleIn({ guest, engine }: WasmerGuest): string[] {
  const lines: string[] = [];
  const visit = (prefix: string): void => {
    for (const { name, type } of engine.files.list(`/${prefix}`)) {
      const path = `${prefix}${name}`;
      const { links, accessedNs, modifiedNs } = guest.stat(path);
      const content =
        type === "file" ? digest(engine.files.read(path)) : type === "link" && guest.readlink(path);
      lines.push(`${path} ${type} ${links} ${accessedNs} ${modifiedNs} ${content}`);
      if (type === "directory") visit(`${path}/`);
    }
  };
  visit("");
  return lines.sort();
}

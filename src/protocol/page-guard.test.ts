import { describe, expect, test } from "vitest";
import type { FileChanges } from "../files/changes/file-changes.ts";
import { Errno } from "../files/errno.ts";
import { WasiError } from "../files/wasi-error.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import type { Notice } from "./messages.ts";
import { PageGuard } from "./page-guard.ts";
import { toWireError } from "./wire-error.ts";
import type { WorkerApi } from "./worker-api.ts";

const limits = { ...DEFAULT_LIMITS, outputBytes: 10, messageBytes: 10, fileBytes: 10, inodes: 4 };

function guarding() {
  const notices: Notice[] = [];
  const breaches: string[] = [];
  const told: FileChanges[] = [];
  const guard = new PageGuard({
    limits,
    nowMs: () => 0,
    onChanges: (changes) => {
      if (changes.volumes.has(0)) throw new WasiError(Errno.ENOSPC);
      told.push(changes);
    },
    onNotice: (notice) => notices.push(notice),
    onBreach: (found) => breaches.push(found),
  });
  const ask = (method: keyof WorkerApi, id = "1") =>
    guard.sent({ id, type: "APPLY", path: [method], argumentList: [] });
  const answer = (value: unknown, id = "1") => guard.admits({ id, type: "RAW", value });
  return { guard, notices, breaches, told, ask, answer };
}

const bytes = (length: number) => new Uint8Array(length);
const output = (length: number, fd = 1) => ({
  notice: "output",
  fd,
  bytes: bytes(length),
  switches: [],
});

/** A file tree that holds itself. */
function cycle() {
  const directory: Record<string, unknown> = {};
  directory["again"] = directory;
  return directory;
}

/** A directory that is in another one twice, that in another one twice, and so on: small, and endless to walk. */
function doubled() {
  let directory: Record<string, unknown> = {};
  for (let level = 0; level < 30; level++) directory = { a: directory, b: directory };
  return directory;
}

function deep(levels: number) {
  let directory: Record<string, unknown> = {};
  for (let level = 0; level < levels; level++) directory = { d: directory };
  return directory;
}

const END = { exitCode: 0, files: {}, truncated: { stdout: false, stderr: true } };
const STAT = { type: "file", size: 1, modifiedMs: 0.5 };

const MODULE = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
/** What a worker tells of a module. */
function compiled(guestFunctions: unknown, hostFunctions: unknown, isReactor: unknown = false) {
  const contract = { guestFunctions, hostFunctions, isReactor };
  return { module: MODULE, contract, hooks: undefined };
}

/** Holes and nothing else: some 40 bytes when it is posted, whatever its length. */
function holes(length: number): unknown[] {
  const list: unknown[] = [];
  list.length = length;
  return list;
}

const MAX_FUNCTIONS = 1_048_576;
const ENTRY = { name: "a", type: "file" };

/** What a method may answer, and what no worker of this library answers. */
const ANSWERS: [keyof WorkerApi, good: unknown[], bad: unknown[]][] = [
  [
    "compile",
    [
      compiled([], []),
      compiled(["f"], ["run", "run"], true),
      compiled(Array(MAX_FUNCTIONS).fill("f"), []),
    ],
    [
      undefined,
      MODULE,
      { module: MODULE },
      { ...compiled([], []), module: {} },
      compiled(undefined, []),
      compiled([], "run"),
      compiled([1], []),
      compiled([], [["run"]]),
      compiled([], [], "yes"),
      compiled(Array(MAX_FUNCTIONS + 1).fill("f"), []),
      compiled(holes(1), []),
      compiled([], holes(2 ** 32 - 1)),
    ],
  ],
  ["hold", [true, false], [undefined, 1, "true", {}]],
  ["receive", [undefined], [true]],
  ["prepare", [undefined], [true]],
  ["start", [undefined], [true]],
  ["call", [bytes(0), bytes(10)], [bytes(11), "text", [1], undefined, new ArrayBuffer(1)]],
  [
    "run",
    [END, { ...END, exitCode: 0xffff_ffff }],
    [
      undefined,
      { ...END, exitCode: -1 },
      { ...END, exitCode: "0" },
      { ...END, files: undefined },
      { ...END, files: { "..": bytes(1) } },
      { ...END, truncated: true },
      { ...END, truncated: { stdout: 0, stderr: false } },
    ],
  ],
  ["readFile", [bytes(10)], [bytes(11), "text", undefined]],
  ["writeFile", [undefined], [null, 0, bytes(0)]],
  ["appendFile", [undefined], [null]],
  [
    "list",
    [[], [ENTRY], [{ name: "__proto__", type: "link" }], [ENTRY, ENTRY, ENTRY, ENTRY]],
    [
      "text",
      {},
      [1],
      [{ name: "", type: "file" }],
      [{ name: "a", type: "socket" }],
      [ENTRY, ENTRY, ENTRY, ENTRY, ENTRY],
      holes(1),
      holes(2 ** 32 - 1),
    ],
  ],
  [
    "stat",
    [STAT, { ...STAT, type: "directory", size: 0 }],
    [undefined, [], { ...STAT, size: -1 }, { ...STAT, size: 0.5 }, { ...STAT, modifiedMs: NaN }],
  ],
  ["exists", [true, false], [0, "false", undefined]],
  ["mkdir", [undefined], [true]],
  ["rename", [undefined], [true]],
  ["remove", [undefined], [true]],
  [
    "snapshot",
    [
      {},
      { "a.txt": bytes(10), empty: {} },
      JSON.parse('{"__proto__": {"constructor": {}}}'),
      deep(4),
      Object.create(null),
    ],
    [
      undefined,
      null,
      [],
      bytes(1),
      new Map(),
      { "a.txt": "text" },
      { a: bytes(6), b: bytes(5) },
      { "": bytes(1) },
      { ".": {} },
      { "..": {} },
      { "../up": bytes(1) },
      { "a\0b": bytes(1) },
      { "\ud800": bytes(1) },
      { a: new Date() },
      { a: 1 },
      { a: null },
      cycle(),
      doubled(),
      deep(5),
    ],
  ],
  ["load", [undefined], [true]],
  ["mount", [undefined], [true, 1]],
  ["unmount", [undefined], [true]],
];

describe("the page's guard", () => {
  test.each(ANSWERS)(
    'lets only what "%s" can answer through to whoever asked',
    (method, good, bad) => {
      for (const value of good) {
        const { ask, answer, breaches } = guarding();
        ask(method);
        expect([answer(value), breaches]).toEqual([true, []]);
      }
      for (const value of bad) {
        const { ask, answer, breaches } = guarding();
        ask(method);
        expect([answer(value), breaches]).toEqual([
          false,
          [`an answer that "${method}" cannot have`],
        ]);
      }
    },
  );

  test.each(ANSWERS)('lets "%s" fail with any error', (method) => {
    const { guard, ask, breaches } = guarding();
    ask(method);
    const value = toWireError(new RangeError("x"));
    expect(guard.admits({ id: "1", type: "HANDLER", name: "throw", value })).toBe(true);
    expect(breaches).toEqual([]);
  });

  test.each([
    ["a second one", ["1", "1"]],
    ["one to nobody", ["2"]],
    ["one to what objects inherit", ["__proto__"]],
  ])("takes an answer for a breach that is %s", (_what, ids) => {
    const { ask, answer, breaches } = guarding();
    ask("exists");
    for (const id of ids) answer(true, id);
    expect(breaches).toEqual(["an answer to nothing that was asked"]);
  });

  test("tells what changed in files before the answer it comes with, and nothing that can't be true", () => {
    const { guard, breaches, told, ask } = guarding();
    const tell = (volumes: unknown) => {
      ask("call");
      const changes = { volumes, mounts: undefined };
      return guard.admits({ id: "1", type: "RAW", value: bytes(1), changes });
    };
    const volume = { isReadOnly: false, nodes: new Map() };
    expect([tell(new Map([[1, volume]])), told.length]).toEqual([true, 1]);
    expect([tell(new Map([[0, volume]])), told.length]).toEqual([false, 1]);
    expect([tell(new Map([[1, volume]])), told.length]).toEqual([false, 1]);
    expect(breaches).toEqual(["changes of its files that cannot be true (ENOSPC)"]);
  });

  test("takes changes for a breach that are none, or come with no answer", () => {
    const { guard, breaches, ask } = guarding();
    ask("call");
    guard.admits({ id: "1", type: "RAW", value: bytes(1), changes: [] });
    const other = guarding();
    other.guard.admits({ changes: { volumes: new Map(), mounts: undefined } });
    expect([...breaches, ...other.breaches]).toEqual(Array(2).fill("a message of unknown shape"));
  });

  test("takes no request that is none of the worker's methods for asked", () => {
    const { guard, answer, breaches } = guarding();
    guard.sent({ id: "1", type: "RELEASE" });
    answer(undefined);
    expect(breaches).toHaveLength(1);
  });

  test("tells each notice, in the order of a guest's run, and lets Comlink see none", () => {
    const { guard, notices, breaches, ask, answer } = guarding();
    expect(guard.admits({ notice: "ready" })).toBe(false);
    ask("start");
    guard.admits(output(10));
    answer(undefined);
    ask("call");
    guard.admits(output(10));
    guard.admits({ notice: "truncated", fd: 1 });
    guard.admits(output(10, 2));
    guard.admits({ notice: "truncated", fd: 2 });
    answer(bytes(0));
    expect([notices.length, breaches]).toEqual([6, []]);
  });

  test.each<[string, (keyof WorkerApi)[], unknown[]]>([
    ['a second "ready"', [], [{ notice: "ready" }, { notice: "ready" }]],
    ["output of a guest that does not run", ["exists"], [output(1)]],
    ["output of a guest that does not run", [], [{ notice: "truncated", fd: 1 }]],
    ["more output than it may, or faster", ["call"], [output(10), output(10, 2), output(1)]],
    [
      "the end of an output that has ended",
      ["call"],
      [
        { notice: "truncated", fd: 1 },
        { notice: "truncated", fd: 1 },
      ],
    ],
    [
      "fuel that it has told of",
      ["call"],
      [
        { notice: "fuel", used: 1 },
        { notice: "fuel", used: 2 },
      ],
    ],
    ["a message of unknown shape", ["call"], [{ notice: "fuel", used: -1 }]],
    ["a message of unknown shape", [], ["hello"]],
    [
      "a message of unknown shape",
      ["call"],
      [{ id: "1", type: "HANDLER", name: "proxy", value: 1 }],
    ],
    ["a message of unknown shape", ["call"], [{ id: "1", type: "GET", path: ["constructor"] }]],
  ])("takes for a breach: %s", (found, asked, messages) => {
    const { guard, breaches, ask } = guarding();
    for (const method of asked) ask(method);
    for (const message of messages) guard.admits(message);
    expect(breaches).toEqual([found]);
  });

  test("takes a flood of empty chunks for a breach, but not the one that goes before each host call", () => {
    const { guard, breaches, ask } = guarding();
    ask("call");
    for (let count = 0; count < 10_000; count++) {
      guard.countHostCall();
      guard.admits(output(0));
    }
    expect(breaches).toEqual([]);
    for (let count = 0; count < 2000; count++) guard.admits(output(0));
    expect(breaches).toEqual(["more output than it may, or faster"]);
  });

  test("lets nothing through after a breach, or after it was closed", () => {
    const broken = guarding();
    broken.ask("exists");
    broken.guard.admits("hello");
    broken.guard.admits({ notice: "ready" });
    expect([broken.answer(true), broken.breaches.length, broken.notices]).toEqual([false, 1, []]);
    const closed = guarding();
    closed.ask("exists");
    closed.guard.close();
    closed.guard.admits("hello");
    expect([closed.answer(true), closed.breaches]).toEqual([false, []]);
  });
});

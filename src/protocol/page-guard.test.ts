import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../limits.ts";
import { FrameWriter } from "./lanes/call-frames.ts";
import { PageGuard } from "./page-guard.ts";
import { toWireError } from "./wire-error.ts";
import type { WorkerApi } from "./worker-api.ts";

const limits = { ...DEFAULT_LIMITS, outputBytes: 10, messageBytes: 10, fileBytes: 10, inodes: 4 };

function guarding() {
  const guard = new PageGuard(limits, () => 0);
  const ask = (method: keyof WorkerApi, id = "1") =>
    guard.sent({ id, type: "APPLY", path: [method], argumentList: [] });
  const answer = (value: unknown, id = "1") => guard.judge({ id, type: "RAW", value });
  /** What was found when a message should not have come. */
  const breachOf = (message: unknown) => {
    const verdict = guard.judge(message);
    return verdict.kind === "breach" ? verdict.found : undefined;
  };
  return { guard, ask, answer, breachOf };
}

const REPLY = { kind: "reply", changes: undefined };
const breach = (found: string) => ({ kind: "breach", found });

const bytes = (length: number) => new Uint8Array(length);
const output = (length: number, fd = 1) => ({
  notice: "output",
  fd,
  bytes: bytes(length),
  switches: [],
});

const ERROR = toWireError(new RangeError("x"));

/** Replies to calls, with results of these lengths. */
function replies(...lengths: number[]) {
  const writer = new FrameWriter();
  for (const length of lengths) writer.add(0, 0, bytes(length));
  const { frames, separate } = writer.take();
  return { replies: frames, separate };
}

/** Replies that the page could not use the memory of again. */
function twoResultsIn(buffer: ArrayBuffer) {
  const separate = [new Uint8Array(buffer, 0, 8), new Uint8Array(buffer, 8, 8)];
  return { ...replies(4096, 4096), separate };
}

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

const END = { exitCode: 0, files: {} };
const STAT = { type: "file", size: 1, modifiedMs: 0.5 };

const MODULE = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
/** What a worker tells of a module. */
function compiled(guestFunctions: unknown, hostFunctions: unknown, isReactor: unknown = false) {
  const contract = { guestFunctions, hostFunctions, isReactor };
  return { module: MODULE, contract, hooks: undefined };
}

const LINES = {
  codeStart: 0,
  lineTable: new Uint8Array(1),
  lineStrings: new Uint8Array(),
  sourceMapUrl: "",
  pieces: Uint32Array.of(0, 0),
};

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
      { ...compiled([], []), lines: LINES },
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
      { ...compiled([], []), lines: {} },
      { ...compiled([], []), lines: { ...LINES, pieces: [1, 2] } },
      { ...compiled([], []), lines: { ...LINES, codeStart: -1 } },
      { ...compiled([], []), lines: { ...LINES, lineTable: "" } },
      { ...compiled([], []), lines: { ...LINES, lineStrings: undefined } },
      { ...compiled([], []), lines: { ...LINES, sourceMapUrl: {} } },
      compiled(holes(1), []),
      compiled([], holes(2 ** 32 - 1)),
    ],
  ],
  ["hold", [true, false], [undefined, 1, "true", {}]],
  ["receive", [undefined], [true]],
  ["prepare", [undefined], [true]],
  ["start", [undefined], [true]],
  [
    "run",
    [END, { ...END, exitCode: 0xffff_ffff }],
    [
      undefined,
      { ...END, exitCode: -1 },
      { ...END, exitCode: "0" },
      { ...END, files: undefined },
      { ...END, files: { "..": bytes(1) } },
    ],
  ],
  ["read", [bytes(10)], [bytes(11), "text", undefined]],
  ["write", [undefined], [null, 0, bytes(0)]],
  ["append", [undefined], [null]],
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
  test.each(ANSWERS)('passes only well-formed replies to "%s"', (method, good, bad) => {
    for (const value of good) {
      const { ask, answer } = guarding();
      ask(method);
      expect(answer(value)).toEqual(REPLY);
    }
    for (const value of bad) {
      const { ask, answer } = guarding();
      ask(method);
      expect(answer(value)).toEqual(breach(`a malformed reply to "${method}"`));
    }
  });

  test.each(ANSWERS)('lets "%s" fail with any error', (method) => {
    const { guard, ask } = guarding();
    ask(method);
    const value = toWireError(new RangeError("x"));
    expect(guard.judge({ id: "1", type: "HANDLER", name: "throw", value })).toEqual(REPLY);
  });

  test.each([
    ["a second one", ["1", "1"]],
    ["one to an unknown request", ["2"]],
    ["one to what objects inherit", ["__proto__"]],
  ])("rejects a reply that is %s", (_what, ids) => {
    const { ask, answer } = guarding();
    ask("exists");
    const verdicts = ids.map((id) => answer(true, id));
    expect(verdicts.at(-1)).toEqual(breach("a reply to no request"));
  });

  test("passes the changes of files on with the reply they came with", () => {
    const { guard, ask } = guarding();
    ask("hold");
    const changes = { volumes: new Map(), mounts: undefined };
    const verdict = guard.judge({ id: "1", type: "RAW", value: true, changes });
    expect(verdict).toEqual({ kind: "reply", changes });
    guard.sentCall();
    expect(guard.judge({ ...replies(1), changes })).toMatchObject({ kind: "replies", changes });
  });

  test("rejects malformed changes, and changes without a reply", () => {
    const { ask, breachOf } = guarding();
    ask("hold");
    const found = breachOf({ id: "1", type: "RAW", value: true, changes: [] });
    const other = guarding().breachOf({ changes: { volumes: new Map(), mounts: undefined } });
    expect([found, other]).toEqual(Array(2).fill("a message of unknown shape"));
  });

  test("rejects messages that call no method of the worker as requests", () => {
    const { guard, answer } = guarding();
    guard.sent({ id: "1", type: "RELEASE" });
    expect(answer(undefined)).toEqual(breach("a reply to no request"));
  });

  test("passes each notice in the order of a guest's run", () => {
    const { guard, ask, answer } = guarding();
    const passed = [guard.judge({ notice: "ready" })];
    ask("start");
    passed.push(guard.judge(output(10)));
    answer(undefined);
    guard.sentCall();
    const notices = [
      output(10),
      { notice: "truncated", fd: 1 },
      output(10, 2),
      { notice: "truncated", fd: 2 },
    ];
    passed.push(...notices.map((notice) => guard.judge(notice)), guard.judge(replies(0)));
    expect(passed.map(({ kind }) => kind)).toEqual([...Array(6).fill("notice"), "replies"]);
  });

  test("tracks the state of the worker", () => {
    const { guard, ask, answer } = guarding();
    const phases = [guard.phase];
    const step = (judge: () => void) => {
      judge();
      phases.push(guard.phase);
    };
    step(() => guard.judge({ notice: "ready" }));
    ask("prepare", "1");
    ask("start", "2");
    step(() => answer(undefined, "1"));
    const isRunning = [guard.isGuestRunning];
    step(() => answer(undefined, "2"));
    isRunning.push(guard.isGuestRunning);
    expect(phases).toEqual(["spawned", "ready", "prepared", "started"]);
    expect(isRunning).toEqual([true, false]);
  });

  test("does not treat a failed start as a running plugin", () => {
    const { guard, ask } = guarding();
    ask("start");
    const value = toWireError(new RangeError("x"));
    guard.judge({ id: "1", type: "HANDLER", name: "throw", value });
    expect([guard.phase, guard.isGuestRunning]).toEqual(["spawned", false]);
  });

  test.each<[string, (keyof WorkerApi)[], unknown[]]>([
    ['a second "ready"', [], [{ notice: "ready" }, { notice: "ready" }]],
    ["output of a guest that is not running", ["exists"], [output(1)]],
    ["output of a guest that is not running", [], [{ notice: "truncated", fd: 1 }]],
    ["more output than allowed, or faster", ["run"], [output(10), output(10, 2), output(1)]],
    [
      "the end of an output that has ended",
      ["run"],
      [
        { notice: "truncated", fd: 1 },
        { notice: "truncated", fd: 1 },
      ],
    ],
    [
      "its fuel twice in one run",
      ["run"],
      [
        { notice: "fuel", used: 1 },
        { notice: "fuel", used: 2 },
      ],
    ],
    [
      "its memory twice in one run",
      ["run"],
      [
        { notice: "memory", memoryBytes: 65_536 },
        { notice: "memory", memoryBytes: 131_072 },
      ],
    ],
    ["a message of unknown shape", ["run"], [{ notice: "fuel", used: -1 }]],
    ["a message of unknown shape", ["run"], [{ notice: "memory", memoryBytes: 0.5 }]],
    ["a message of unknown shape", [], ["hello"]],
    [
      "a message of unknown shape",
      ["run"],
      [{ id: "1", type: "HANDLER", name: "proxy", value: 1 }],
    ],
    ["a message of unknown shape", ["run"], [{ id: "1", type: "GET", path: ["constructor"] }]],
  ])("rejects %s", (found, asked, messages) => {
    const { ask, breachOf } = guarding();
    for (const method of asked) ask(method);
    expect(messages.map(breachOf).at(-1)).toBe(found);
  });

  test("gives each call a run of its own, and the last reply ends the last", () => {
    const { guard, breachOf } = guarding();
    guard.sentCall();
    guard.sentCall();
    const found = [output(10), replies(0), output(10), replies(1), output(1)].map(breachOf);
    expect(found).toEqual([...Array(4).fill(undefined), "output of a guest that is not running"]);
    expect(guard.isGuestRunning).toBe(false);
  });

  test.each([
    ["more replies than calls", replies(0, 1, 2), "a reply to no call"],
    ["a result that is too long", replies(11), "a malformed reply to a call"],
    ["half a reply", { replies: bytes(15) }, "a malformed reply to a call"],
    [
      "an error that nobody threw",
      { ...replies(1), thrown: [ERROR] },
      "a malformed reply to a call",
    ],
    [
      "a result beside those it has",
      { ...replies(1), separate: [bytes(1)] },
      "a malformed reply to a call",
    ],
    ["two results in one buffer", twoResultsIn(new ArrayBuffer(16)), "a message of unknown shape"],
    [
      "a result in a buffer that can grow",
      { ...replies(4096), separate: [new Uint8Array(new ArrayBuffer(8, { maxByteLength: 16 }))] },
      "a message of unknown shape",
    ],
    [
      "a result in a huge buffer",
      { ...replies(4096), separate: [new Uint8Array(new ArrayBuffer(21), 0, 1)] },
      "a malformed reply to a call",
    ],
    [
      "replies in shared memory",
      { replies: new Uint8Array(new SharedArrayBuffer(16)) },
      "a message of unknown shape",
    ],
    ["what is no error", { ...replies(1), thrown: [1] }, "a message of unknown shape"],
    [
      "holes for errors",
      { ...replies(1), thrown: holes(2 ** 32 - 1) },
      "a message of unknown shape",
    ],
  ])("rejects %s", (_what, message, found) => {
    const { guard, breachOf } = guarding();
    guard.sentCall();
    guard.sentCall();
    expect(breachOf(message)).toBe(found);
  });

  test("rejects a flood of empty chunks, but passes the one before each host call", () => {
    const { guard, ask, breachOf } = guarding();
    ask("run");
    const found = new Set<string | undefined>();
    for (let count = 0; count < 10_000; count++) {
      guard.countHostCall();
      found.add(breachOf(output(0)));
    }
    expect([...found]).toEqual([undefined]);
    for (let count = 0; count < 2000; count++) found.add(breachOf(output(0)));
    expect([...found]).toEqual([undefined, "more output than allowed, or faster"]);
  });
});

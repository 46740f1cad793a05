import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isHostCall, isNotice, isReply, isRequest } from "./messages.ts";
import { MAX_SWITCHES } from "./output-chunk.ts";
import { toWireError } from "./wire-error.ts";

const bytes = new Uint8Array(2);

describe("a message to the page", () => {
  test.each([
    [{ id: "1", type: "RAW", value: { any: "thing" } }],
    [{ id: "1", type: "HANDLER", name: "bytes", value: bytes }],
    [{ id: "1", type: "HANDLER", name: "throw", value: toWireError(new Error("x")) }],
  ])("is a reply: %o", (data) => expect(isReply(data)).toBe(true));

  test.each([
    [
      "a proxy, which would let the worker call the page",
      { id: "1", type: "HANDLER", name: "proxy", value: {} },
    ],
    ["a handler of its own making", { id: "1", type: "HANDLER", name: "__proto__", value: bytes }],
    ["bytes that are none", { id: "1", type: "HANDLER", name: "bytes", value: "text" }],
    ["an error that is none", { id: "1", type: "HANDLER", name: "throw", value: { name: 1 } }],
    [
      "an error without its fields",
      {
        id: "1",
        type: "HANDLER",
        name: "throw",
        value: { name: "PluginExitError", message: "", details: {} },
      },
    ],
    ["a request", { id: "1", type: "CONSTRUCT", path: ["constructor"], argumentList: [] }],
    ["a plain value that calls itself an error", { id: "1", type: "RAW", name: "throw", value: 1 }],
    ["no number for an id", { id: 1, type: "RAW", value: 1 }],
    ["an array", [{ id: "1", type: "RAW" }]],
    ["nothing", null],
  ])("is no reply when it is %s", (_what, data) => expect(isReply(data)).toBe(false));

  test("is a notice only in one of its shapes", () => {
    expect(isNotice({ notice: "ready" })).toBe(true);
    const output = { notice: "output", fd: 1, bytes, switches: [] };
    expect(isNotice(output)).toBe(true);
    expect(isNotice({ ...output, switches: [0, 1, 1, bytes.length] })).toBe(true);
    for (const wrong of [
      { fd: 3 },
      { fd: "1" },
      { bytes: "text" },
      { switches: undefined },
      { switches: [bytes.length + 1] },
      { switches: [1, 0] },
      { switches: [-1] },
      { switches: [0.5] },
      { switches: Array(MAX_SWITCHES + 1).fill(0) },
    ]) {
      expect(isNotice({ ...output, ...wrong })).toBe(false);
    }
    expect(isNotice({ notice: "truncated", fd: 1 })).toBe(true);
    expect(isNotice({ notice: "truncated" })).toBe(false);
    expect(isNotice({ notice: "toString" })).toBe(false);
  });

  test("is a host call only with a ticket and a kind, that of a function with an index and bytes", () => {
    const call = { kind: "function", ticket: 0, run: 1, index: 0, args: bytes };
    expect(isHostCall({ ...call, ticket: -5 })).toBe(true);
    expect(isHostCall({ kind: "stdin", ticket: 0 })).toBe(true);
    for (const wrong of [
      { kind: "stdin" },
      { kind: "toString" },
      { kind: undefined },
      { ticket: "0" },
      { index: -1 },
      { index: 0.5 },
      { index: "constructor" },
      { args: [1, 2] },
    ]) {
      const isStdin = wrong.kind === "stdin";
      expect(isHostCall(isStdin ? wrong : { ...call, ...wrong })).toBe(false);
    }
  });

  test.each([
    ["shared", new Uint8Array(new SharedArrayBuffer(2))],
    [
      "resizable, which TextDecoder refuses",
      new Uint8Array(new ArrayBuffer(2, { maxByteLength: 9 })),
    ],
    [
      "a small part of a large buffer, all of which they keep",
      new Uint8Array(new ArrayBuffer(9), 0, 4),
    ],
    ["another view", new Uint16Array(2)],
  ])("has no bytes when they are %s", (_what, made) => {
    expect(isNotice({ notice: "output", fd: 1, bytes: made, switches: [] })).toBe(false);
    expect(isReply({ id: "1", type: "HANDLER", name: "bytes", value: made })).toBe(false);
    expect(isHostCall({ kind: "function", ticket: 0, run: 1, index: 0, args: made })).toBe(false);
  });

  test("is rejected if it is not a plain object, whatever its properties are", () => {
    const reply = { id: "1", type: "RAW", value: 1 };
    const others = [new Map(), new Error("x"), new Date(), [], () => {}, new Proxy(new Map(), {})];
    for (const other of others) expect(isReply(Object.assign(other, reply))).toBe(false);
    expect(isReply(reply)).toBe(true);
  });

  test("may be any value without an exception", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withTypedArray: true, withMap: true }),
        (data) => {
          for (const guard of [isReply, isNotice, isHostCall, isRequest]) guard(data);
        },
      ),
    );
  });
});

describe("a message to the worker", () => {
  const request = (path: unknown, type = "APPLY", argumentList: unknown = []) =>
    isRequest({ id: "1", type, path, argumentList });

  test("may call a method that the worker exposes, with plain values and bytes", () => {
    expect(request(["run"])).toBe(true);
    expect(request(["read"], "APPLY", [{ type: "RAW", value: "/x" }])).toBe(true);
    expect(request(["write"], "APPLY", [{ type: "HANDLER", name: "bytes", value: bytes }])).toBe(
      true,
    );
  });

  test.each([
    ["names nothing", [], "APPLY"],
    ["walks a path", ["run", "constructor"], "APPLY"],
    ["names what every object has", ["constructor"], "APPLY"],
    ["names the prototype", ["__proto__"], "APPLY"],
    ["reads", ["run"], "GET"],
    ["writes", ["run"], "SET"],
    ["constructs", ["run"], "CONSTRUCT"],
    ["asks for another endpoint", ["run"], "ENDPOINT"],
    ["releases the worker", [], "RELEASE"],
  ])("is refused when it %s", (_what, path, type) => expect(request(path, type)).toBe(false));

  test("is refused when an argument is a proxy", () => {
    expect(request(["write"], "APPLY", [{ type: "HANDLER", name: "proxy", value: {} }])).toBe(
      false,
    );
  });
});

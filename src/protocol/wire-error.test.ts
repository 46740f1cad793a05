import { describe, expect, test } from "vitest";
import {
  PluginError,
  PluginExitError,
  PluginFileError,
  PluginHostFunctionError,
  PluginLimitError,
  PluginLinkError,
  PluginLoadError,
  PluginTrapError,
} from "../errors.ts";
import { fromWireError, isWireError, toWireError } from "./wire-error.ts";

const pluginName = "test";

const exceeded = (limit: string, value: number, allowed: number) => ({ limit, value, allowed });

const ERRORS = [
  new PluginLoadError("load", { pluginName }),
  new PluginLinkError("link", { pluginName }),
  new PluginTrapError("trap", {
    pluginName,
    guestStack: "",
    frames: [],
    stderr: "panicked",
  }),
  new PluginExitError("exit", { pluginName, exitCode: 3 }),
  new PluginLimitError("limit", { pluginName, exceeded: [exceeded("callMs", 2, 1)] }),
  new PluginLimitError("limits", {
    pluginName,
    exceeded: [exceeded("types", 2, 1), exceeded("functions", 30, 20)],
  }),
  new PluginHostFunctionError("host", { pluginName, functionName: "run" }),
  new PluginFileError("file", { pluginName, code: "ENOENT", path: "/x" }),
];

describe("an error on the wire", () => {
  test.each(ERRORS)("keeps its class, message and fields: %o", (error) => {
    const wire: unknown = structuredClone(toWireError(error));
    expect(isWireError(wire)).toBe(true);
    const rebuilt = isWireError(wire) && fromWireError(wire, pluginName);
    expect(rebuilt).toBeInstanceOf(error.constructor);
    expect(Object.entries(rebuilt)).toEqual(Object.entries(error));
    expect((rebuilt as Error).message).toBe(error.message);
  });

  test("of a trap has the guest's frames, from the text that the engine wrote", () => {
    const guestStack =
      "at _ZN5probe4fail17hd3415531b546d64fE (wasm://wasm/0132a10e:wasm-function[18]:0xaf3)";
    const wire = toWireError(new PluginTrapError("trap", { pluginName, guestStack, stderr: "" }));
    expect(wire.details).toEqual({ guestStack, stderr: "" });
    expect(fromWireError(wire, pluginName)).toMatchObject({
      frames: [{ functionIndex: 18, name: "probe::fail" }],
      guestStack: "at probe::fail (function 18)",
    });
  });

  test("has the plugin name that the page knows, not the worker's", () => {
    const wire = toWireError(new PluginLinkError("link", { pluginName: "somebody else" }));
    expect(fromWireError(wire, pluginName).pluginName).toBe(pluginName);
  });

  test.each([
    [new RangeError("too deep"), "RangeError: too deep"],
    ["a string", "a string"],
  ])("is a plain PluginError for anything else that was thrown: %o", (thrown, message) => {
    const rebuilt = fromWireError(toWireError(thrown), pluginName);
    expect([rebuilt.constructor, rebuilt.message]).toEqual([PluginError, message]);
  });

  test.each([
    [null],
    [{ name: "PluginError", message: "no details" }],
    [{ name: "PluginExitError", message: "wrong type", details: { exitCode: "3" } }],
    [{ name: "PluginTrapError", message: "a field is missing", details: { stderr: "" } }],
    [{ name: "PluginExitError", message: "no exit code", details: { exitCode: -1 } }],
    [{ name: "PluginExitError", message: "no exit code", details: { exitCode: NaN } }],
    [{ name: "PluginFileError", message: "no errno", details: { code: "toString", path: "" } }],
    [{ name: "PluginError", message: "x".repeat(65_537), details: {} }],
    [{ name: "PluginError", message: "details of another kind", details: new Map() }],
    [Object.assign(new Error("no record"), { details: {} })],
  ])("is refused when a hostile worker makes it up: %o", (data) => {
    expect(isWireError(data)).toBe(false);
  });

  test.each<unknown[]>([
    [[]],
    [[exceeded("constructor", 1, 1)]],
    [[exceeded("callMs", NaN, 1)]],
    [[{ ...exceeded("callMs", 1, 1), more: "x" }]],
    [[exceeded("callMs", 2, 1), null]],
    [Array(3)],
    [Array.from({ length: 100 }, () => exceeded("callMs", 2, 1))],
    [{ length: 1, 0: exceeded("callMs", 2, 1) }],
  ])("is refused when a hostile worker makes up what was exceeded: %o", (exceeded) => {
    const wire = { name: "PluginLimitError", message: "made up", details: { exceeded } };
    expect(isWireError(wire)).toBe(false);
  });

  test("has long texts truncated by the sender to a length that the receiver accepts", () => {
    const long = "x".repeat(100_000);
    for (const error of [
      new RangeError(long),
      new PluginTrapError(long, { pluginName, guestStack: long, stderr: long }),
    ]) {
      const wire = toWireError(error);
      expect(isWireError(wire)).toBe(true);
      for (const text of [wire.message, ...Object.values(wire.details)]) {
        expect(text).toHaveLength(65_536);
      }
    }
  });

  test("of an unknown class, even the name of an inherited property, is a PluginError", () => {
    for (const name of ["constructor", "__proto__", "EvalError"]) {
      const wire = { name, message: "made up", details: {} };
      expect(isWireError(wire)).toBe(true);
      expect(fromWireError(wire, pluginName).constructor).toBe(PluginError);
    }
  });
});

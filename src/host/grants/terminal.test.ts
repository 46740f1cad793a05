import { describe, expect, test } from "vitest";
import { resolveTerminal, type TerminalOptions } from "./terminal.ts";

describe("the option terminal", () => {
  test("makes terminals of stdout and stderr, and of a stdin that is a function, by default", () => {
    const outputs = { stdout: true, stderr: true };
    expect(resolveTerminal(undefined, undefined)).toEqual({ ...outputs, stdin: false });
    expect(resolveTerminal({}, "text")).toEqual({ ...outputs, stdin: false });
    expect(resolveTerminal({}, () => null)).toEqual({ ...outputs, stdin: true });
  });

  test("decides for each stream", () => {
    const terminal = { stdin: true, stdout: false };
    expect(resolveTerminal(terminal, "text")).toEqual({ stdin: true, stdout: false, stderr: true });
    expect(resolveTerminal({ stdin: false }, () => null).stdin).toBe(false);
  });

  test.each<[unknown, string]>([
    [true, "Invalid options.terminal: boolean true (must be an object such as { stdin: true })"],
    [null, "Invalid options.terminal: null (must be an object such as { stdin: true })"],
    [{ stdin: "yes" }, 'Invalid options.terminal.stdin: string "yes" (must be a boolean)'],
    [{ stderr: 1 }, "Invalid options.terminal.stderr: number 1 (must be a boolean)"],
    [
      { stdIn: true },
      "Invalid options.terminal.stdIn: boolean true (must be one of stdin, stdout, stderr)",
    ],
  ])("rejects %o with a TypeError that names the place", (terminal, message) => {
    expect(() => resolveTerminal(terminal as TerminalOptions, undefined)).toThrow(
      new TypeError(message),
    );
  });
});

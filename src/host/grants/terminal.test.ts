import { describe, expect, test } from "vitest";
import { checkTerminal, resolveTerminal } from "./terminal.ts";

describe("the option terminal", () => {
  test("makes stdout, stderr and a stdin that is a function terminals by default", () => {
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
    [true, "Invalid options.terminal: true (must be a plain object)"],
    [null, "Invalid options.terminal: null (must be a plain object)"],
    [{ stdin: "yes" }, 'Invalid options.terminal.stdin: string "yes" (must be true or false)'],
    [{ stderr: 1 }, "Invalid options.terminal.stderr: 1 (must be true or false)"],
    [{ stdIn: true }, 'Invalid options.terminal.stdIn: unknown name (did you mean "stdin"?)'],
  ])("rejects %o with a TypeError that names the place", (terminal, message) => {
    const check = () => checkTerminal(terminal, "options.terminal");
    expect(check).toThrow(TypeError);
    expect(check).toThrow(message);
  });
});

import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { t } from "../../codec/t.ts";
import { DEFAULT_LIMITS } from "../../limits.ts";
import { checkFlag } from "./checks.ts";
import { hostFunction } from "./host-function.ts";
import { checkHostFunctions, PLUGIN_OPTION_CHECKS } from "./plugin-option-checks.ts";
import { readOptions } from "./read-options.ts";

const CHECKS = { ...PLUGIN_OPTION_CHECKS, hostFunctions: checkHostFunctions, restart: checkFlag };

const read = (options: unknown) => readOptions(options, CHECKS);

describe("options", () => {
  test("are optional, and undefined is the default", () => {
    expect(read(undefined)).toEqual({});
    expect(read({ name: undefined })).toEqual({});
  });

  test("are copied, so that the caller may change them", () => {
    const given = { args: ["a"], env: { A: "1" }, limits: { valueDepth: 5 } };
    const options = read(given);
    given.args.push("b");
    given.env.A = "2";
    given.limits.valueDepth = 6;
    expect(options.args).toEqual(["a"]);
    expect(options.env).toEqual({ A: "1" });
    expect(options.limits).toEqual({ ...DEFAULT_LIMITS, valueDepth: 5 });
  });

  test("are each read once", () => {
    let reads = 0;
    const given = {
      get name(): string {
        reads++;
        return "p";
      },
    };
    expect([read(given).name, reads]).toEqual(["p", 1]);
  });

  test("may come from another realm", () => {
    const options = runInNewContext(
      '({ args: ["a"], env: { A: "1" }, files: {}, limits: {}, random: { seed: 1 }, clock: { startMs: 0.5, stepNs: 1 } })',
    ) as unknown;
    expect(read(options)).toMatchObject({ args: ["a"], env: { A: "1" }, random: { seed: 1 } });
  });

  test.each([
    { isolation: "strict", blocking: "jspi", interruption: "fuel" },
    { isolation: "worker", blocking: "auto", interruption: "auto" },
    { blocking: "shared-memory", interruption: "epoch" },
    { interruption: "terminate", wasi: { workerSource: "" } },
    { files: "none", clock: "browser", random: "browser", stdin: "", args: [], env: {} },
    { limits: { fuel: Infinity, valueDepth: 0 }, signal: new AbortController().signal },
    { worker: "/worker.js", stdout: () => {}, stderr: () => {}, restart: true },
    { hostFunctions: { run: hostFunction([], t.unit, () => {}) } },
  ])("are accepted: %o", (options) => {
    expect(read(options)).toMatchObject(options.limits === undefined ? options : {});
  });

  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const failing = {
    get args(): string[] {
      throw new Error("no args");
    },
  };

  const refused: readonly (readonly [options: unknown, message: string])[] = [
    [null, "Invalid options: null (must be a plain object)"],
    ["a", 'Invalid options: string "a" (must be a plain object)'],
    [[], "Invalid options: Array of 0 (must be a plain object)"],
    [new Map([["name", "p"]]), "Invalid options: Map (must be a plain object)"],
    [() => {}, "Invalid options: function (must be a plain object)"],
    [revoked, "Invalid options: Object (must be a plain object)"],
    [failing, "Invalid options.args: cannot be read (no args)"],
    [{ env: revoked }, "Invalid options.env: Object (must be a plain object of strings)"],
    [{ args: revoked }, "Invalid options.args: cannot be read"],
    [{ preopens: {} }, 'Invalid options.preopens: renamed to "files"'],
    [{ arg: [] }, 'Invalid options.arg: unknown name (did you mean "args"?)'],
    [{ stdOut: 1 }, 'Invalid options.stdOut: unknown name (did you mean "stdout"?)'],
    [{ singal: 1 }, 'Invalid options.singal: unknown name (did you mean "signal"?)'],
    [{ timeoutMs: 1 }, "Invalid options.timeoutMs: unknown name (must be one of name, files, args"],
    [{ toString: 1 }, "Invalid options.toString: unknown name"],
    [{ name: 5 }, "Invalid options.name: 5 (must be a string)"],
    [{ args: "ls -l" }, 'Invalid options.args: string "ls -l" (must be an array of strings)'],
    [{ args: ["a", 5] }, "Invalid options.args[1]: 5 (must be a string)"],
    [{ args: Array(2) }, "Invalid options.args[0]: undefined (must be a string)"],
    [{ args: ["a", "b\0"] }, "Invalid options.args[1]: contains a NUL character"],
    [{ env: { A: undefined } }, 'Invalid options.env["A"]: undefined (must be a string)'],
    [{ env: { A: 5 } }, 'Invalid options.env["A"]: 5 (must be a string)'],
    [{ env: new Map([["A", "1"]]) }, "Invalid options.env: Map (must be a plain object"],
    [{ env: [["A", "1"]] }, "Invalid options.env: Array of 1 (must be a plain object"],
    [{ env: { "A=B": "" } }, 'Invalid options.env["A=B"]: has "=" in its name'],
    [{ env: { "": "" } }, 'Invalid options.env[""]: has an empty name'],
    [{ env: { A: "\0" } }, 'Invalid options.env["A"]: contains a NUL character'],
    [{ env: { "A\0": "" } }, "contains a NUL character"],
    [{ files: "all" }, 'Invalid options.files: string "all" (must be a plain object of files)'],
    [{ files: { "work/x": 5 } }, 'Invalid options.files["work/x"]: 5 (must be text, '],
    [{ stdin: 5 }, "Invalid options.stdin: 5 (must be"],
    [{ stdout: {} }, "Invalid options.stdout: Object (must be a function)"],
    [{ stderr: "x" }, 'Invalid options.stderr: string "x" (must be a function)'],
    [{ clock: 0 }, 'Invalid options.clock: 0 (must be "browser" or { startMs, stepNs })'],
    [{ clock: { startMs: 0 } }, "Invalid options.clock.stepNs: undefined (must be an integer ≥ 0)"],
    [{ clock: { startMs: NaN, stepNs: 1 } }, "Invalid options.clock.startMs: NaN (must be"],
    [{ clock: { startMs: 2e13, stepNs: 1 } }, "Invalid options.clock.startMs: 20000000000000"],
    [{ clock: { startMs: 0, stepNs: 0.5 } }, "Invalid options.clock.stepNs: 0.5 (must be"],
    [{ clock: { startMs: 0, stepMs: 1 } }, "Invalid options.clock.stepMs: unknown name (did you"],
    [{ random: { seed: 0.5 } }, "Invalid options.random.seed: 0.5 (must be an integer)"],
    [{ random: {} }, "Invalid options.random.seed: undefined (must be an integer)"],
    [{ limits: { callMs: NaN } }, "Invalid options.limits.callMs: NaN (must be a number ≥ 0)"],
    [{ limits: { callMs: "50" } }, 'Invalid options.limits.callMs: string "50" (must be a number'],
    [
      { limits: { callms: 1 } },
      'Invalid options.limits.callms: unknown name (did you mean "callMs"',
    ],
    [
      { limits: JSON.parse('{ "__proto__": 1 }') as object },
      "Invalid options.limits.__proto__: unknown",
    ],
    [
      { limits: { callMs: 50n } },
      "Invalid options.limits.callMs: bigint 50 (must be a number ≥ 0)",
    ],
    [{ limits: new Map([["callMs", 50]]) }, "Invalid options.limits: Map (must be a plain object)"],
    [{ limits: 5 }, "Invalid options.limits: 5 (must be a plain object)"],
    [
      { blocking: "JSPI" },
      'Invalid options.blocking: string "JSPI" (must be one of "auto", "jspi"',
    ],
    [{ interruption: "" }, 'Invalid options.interruption: string "" (must be one of'],
    [
      { isolation: "Strict" },
      'Invalid options.isolation: string "Strict" (must be one of "worker"',
    ],
    [{ isolation: null }, "Invalid options.isolation: null (must be one of"],
    [{ isolation: ["strict"] }, "Invalid options.isolation: Array of 1 (must be one of"],
    [{ wasi: {} }, "Invalid options.wasi: Object (must be an engine"],
    [{ wasi: null }, "Invalid options.wasi: null (must be an engine"],
    [{ worker: 5 }, "Invalid options.worker: 5 (must be a URL"],
    [{ signal: {} }, "Invalid options.signal: Object (must be an AbortSignal)"],
    [{ restart: 1 }, "Invalid options.restart: 1 (must be true or false)"],
    [{ hostFunctions: [] }, "Invalid options.hostFunctions: Array of 0 (must be a plain object of"],
    [
      { hostFunctions: { run: 5 } },
      'Invalid options.hostFunctions["run"]: 5 (must be a function, or made by hostFunction())',
    ],
  ];

  test.each(refused.map(([, message], index) => [message, index] as const))(
    "are rejected with the path of the wrong value: %s",
    (message, index) => {
      const [options] = refused[index] ?? [];
      expect(() => read(options)).toThrow(TypeError);
      expect(() => read(options)).toThrow(message);
    },
  );
});

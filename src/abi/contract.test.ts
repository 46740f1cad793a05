import { describe, expect, test } from "vitest";
import { PluginLinkError } from "../errors.ts";
import { checkContract } from "./contract.ts";
import { interfaceOfLayout, interfaceOfModule } from "./module-interface.ts";
import { readModuleLayout } from "./module-layout.ts";
import { PLUGIN_EXPORTS, wat } from "./wat.test-kit.ts";

const OFFER = {
  pluginName: "test",
  hostFunctions: new Set(["run"]),
  wasi: new Map([["fd_write", { params: ["i32", "i32", "i32", "i32"], results: ["i32"] }]]),
};

const check = (text: string) =>
  checkContract("plugin", interfaceOfLayout(readModuleLayout(wat(text))), OFFER);

describe("a module that keeps the contract", () => {
  test("lists its guest functions and the host functions it imports", () => {
    const contract = check(`(module
      (import "env" "__run" (func (param i64) (result i64)))
      (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
      ${PLUGIN_EXPORTS}
      (func (export "_initialize"))
      (func $f (export "__double") (param i64) (result i64) local.get 0)
      (export "__half" (func $f)))`);
    expect(contract).toEqual({
      guestFunctions: ["double", "half"],
      hostFunctions: ["run"],
      isReactor: true,
    });
  });

  test("may also export raw functions and others with underscores, as an original plugin does", () => {
    const contract = check(`(module ${PLUGIN_EXPORTS}
      (func (export "double") (param i32 i32))
      (func (export "__wasm_call_ctors"))
      (func (export "__raw") (param i32) (result i32) i32.const 0)
      (global (export "__heap_base") i32 (i32.const 0))
      (func (export "__double") (param i64) (result i64) local.get 0))`);
    expect(contract).toEqual({ guestFunctions: ["double"], hostFunctions: [], isReactor: false });
  });

  test("may be a compiled module, whose types are unknown", async () => {
    const module = await WebAssembly.compile(
      wat(`(module ${PLUGIN_EXPORTS} (func (export "__f") (param i64) (result i64) local.get 0))`),
    );
    expect(checkContract("plugin", interfaceOfModule(module), OFFER).guestFunctions).toEqual(["f"]);
  });
});

describe("an error for a module that breaks the contract names", () => {
  const problem = (text: string) => {
    try {
      check(text);
    } catch (error) {
      expect(error).toBeInstanceOf(PluginLinkError);
      return (error as Error).message.replace('Cannot link plugin "test": ', "");
    }
    throw new Error("the module was taken");
  };

  test("every export that is missing", () => {
    expect(problem("(module)")).toBe(
      'export "memory" is missing (must be a memory); export "__alloc_buffer" is missing (must be (i32) -> i32); export "__free_buffer" is missing (must be (i64) -> ())',
    );
  });

  test("a command as such", () => {
    expect(problem('(module (memory (export "memory") 1) (func (export "_start")))')).toContain(
      "(it is a command: runCommand runs those)",
    );
  });

  test.each([
    [
      '(func (export "__free_buffer"))',
      'export "__free_buffer" has type () -> () (must be (i64) -> ())',
    ],
    [
      '(global (export "__free_buffer") i32 (i32.const 0))',
      'export "__free_buffer" is a global (must be (i64) -> ())',
    ],
  ])("which type an export has: %s", (free, expected) => {
    const text = PLUGIN_EXPORTS.replace('(func (export "__free_buffer") (param i64))', free);
    expect(problem(`(module ${text})`)).toBe(expected);
  });

  test.each([
    [
      '"env" "__missing" (func (param i64) (result i64))',
      'import "env.__missing" has no host function (hostFunctions lacks "missing")',
    ],
    [
      '"env" "__run" (func (param i32) (result i64))',
      'import "env.__run" has type (i32) -> i64 (must be (i64) -> i64)',
    ],
    ['"env" "__run" (global i32)', 'import "env.__run" is a global (must be a function)'],
    ['"env" "memory" (memory 1)', 'import "env.memory" is a memory (must be a function)'],
    [
      '"env" "abort" (func)',
      'import "env.abort" is unknown (must be "env.__<host function>" or "wasi_snapshot_preview1.*")',
    ],
    [
      '"wasi_snapshot_preview1" "fd_fly" (func)',
      'import "wasi_snapshot_preview1.fd_fly" is unknown (must be a call of WASI preview 1)',
    ],
    [
      '"wasi_snapshot_preview1" "fd_write" (func (param i64))',
      'import "wasi_snapshot_preview1.fd_write" has type (i64) -> () (must be (i32, i32, i32, i32) -> i32)',
    ],
    [
      '"env" "____proto__" (func (param i64) (result i64))',
      'import "env.____proto__" has no host function (hostFunctions lacks "__proto__")',
    ],
  ])("which import does not fit: %s", (declaration, expected) => {
    const text = PLUGIN_EXPORTS.replace("(memory (export", "(memory $m (export");
    const body = declaration.includes("(memory") ? text.replace(/\(memory.*\n/, "") : text;
    expect(problem(`(module (import ${declaration}) ${body})`)).toContain(expected);
  });
});

describe("a command", () => {
  const NO_HOST = { ...OFFER, hostFunctions: new Set<string>() };
  const command = (text: string) =>
    checkContract("command", interfaceOfLayout(readModuleLayout(wat(text))), NO_HOST);

  test("exports _start and a memory", () => {
    expect(
      command('(module (memory (export "memory") 1) (func (export "_start")))').isReactor,
    ).toBe(false);
    expect(() => command("(module)")).toThrow(
      'export "memory" is missing (must be a memory); export "_start" is missing (must be () -> ())',
    );
    expect(() => command('(module (func (export "_start") (param i32)))')).toThrow(
      'export "_start" has type (i32) -> () (must be () -> ())',
    );
  });

  test("imports no host function", () => {
    expect(() =>
      command(`(module (import "env" "__run" (func (param i64) (result i64)))
        (memory (export "memory") 1) (func (export "_start")))`),
    ).toThrow('import "env.__run" has no host function');
  });
});

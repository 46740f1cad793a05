import { describe, expect, test } from "vitest";
import { interfaceOfModule, readModuleInterface } from "./module-interface.ts";
import { wat } from "./wat.test-kit.ts";

/** A type section with a recursive group of GC types before the one function type: the text tool cannot write it. */
const GC_MODULE = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // type section: rec (sub () (struct (field (mut i8)) (field (ref null 0)))), (array i64), (func (i64) -> (i64))
  ...[0x01, 0x14, 0x02],
  ...[0x4e, 0x02, 0x50, 0x00, 0x5f, 0x02, 0x78, 0x01, 0x63, 0x00, 0x00, 0x5e, 0x7e, 0x00],
  ...[0x60, 0x01, 0x7e, 0x01, 0x7e],
  // function, export "__f", code
  ...[0x03, 0x02, 0x01, 0x02],
  ...[0x07, 0x07, 0x01, 0x03, 0x5f, 0x5f, 0x66, 0x00, 0x00],
  ...[0x0a, 0x06, 0x01, 0x04, 0x00, 0x20, 0x00, 0x0b],
]);

describe("the interface of a module", () => {
  test("has the type of every exported and imported function, imports coming first in the index space", () => {
    const bytes = wat(`(module
      (import "env" "__run" (func (param i64) (result i64)))
      (import "env" "table" (table 1 2 funcref))
      (import "env" "memory" (memory 1 2))
      (import "env" "global" (global (mut i32)))
      (func (export "__double") (param i64) (result i64) local.get 0)
      (func (export "double") (param f64 i32) (result f32 i64) unreachable)
      (global (export "g") i32 (i32.const 7)))`);
    expect(readModuleInterface(bytes)).toEqual({
      imports: [
        {
          module: "env",
          name: "__run",
          kind: "function",
          type: { params: ["i64"], results: ["i64"] },
        },
        { module: "env", name: "table", kind: "table", type: undefined },
        { module: "env", name: "memory", kind: "memory", type: undefined },
        { module: "env", name: "global", kind: "global", type: undefined },
      ],
      exports: [
        { name: "__double", kind: "function", type: { params: ["i64"], results: ["i64"] } },
        {
          name: "double",
          kind: "function",
          type: { params: ["f64", "i32"], results: ["f32", "i64"] },
        },
        { name: "g", kind: "global", type: undefined },
      ],
    });
  });

  test("is read past recursive groups, structs, arrays and reference types", () => {
    expect(readModuleInterface(GC_MODULE).exports).toEqual([
      { name: "__f", kind: "function", type: { params: ["i64"], results: ["i64"] } },
    ]);
  });

  test("agrees with the engine on names and kinds", async () => {
    const bytes = wat(`(module
      (import "a" "b" (func)) (func (export "__proto__") (result i32) i32.const 0)
      (table (export "t") 1 funcref) (memory (export "memory") 1))`);
    const untyped = (each: object) => ({ ...each, type: undefined });
    const { imports, exports } = readModuleInterface(bytes);
    expect(interfaceOfModule(await WebAssembly.compile(bytes))).toEqual({
      imports: imports.map(untyped),
      exports: exports.map(untyped),
    });
  });

  test("is refused with the byte where the binary has a form nobody knows", () => {
    const bytes = GC_MODULE.slice();
    bytes[10] = 0x01; // one type
    bytes[11] = 0x11; // of an unknown form
    expect(() => readModuleInterface(bytes)).toThrow(
      "Cannot read module: type form 0x11 at byte 11, expected one of the Wasm 3.0 specification",
    );
  });
});

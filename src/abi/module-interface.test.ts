import { describe, expect, test } from "vitest";
import { interfaceOfLayout, interfaceOfModule } from "./module-interface.ts";
import { readModuleLayout } from "./module-layout.ts";
import { hex, wat } from "./wat.test-kit.ts";

/** A recursive group of GC types before the one function type: the text tool cannot write it. */
const GC_MODULE = hex(
  "00 61 73 6d 01 00 00 00", // magic, version
  "01 14 02", // type section: rec (sub () (struct (mut i8) (ref null 0))) (array i64), func
  "4e 02 50 00 5f 02 78 01 63 00 00 5e 7e 00",
  "60 01 7e 01 7e",
  "03 02 01 02", // function section
  "07 07 01 03 5f 5f 66 00 00", // export "__f"
  "0a 06 01 04 00 20 00 0b", // code section
);

describe("the interface of a module", () => {
  test("has the type of every exported and imported function", () => {
    const bytes = wat(`(module
      (import "env" "__run" (func (param i64) (result i64)))
      (import "env" "table" (table 1 2 funcref))
      (import "env" "memory" (memory 1 2))
      (import "env" "global" (global (mut i32)))
      (func (export "__double") (param i64) (result i64) local.get 0)
      (func (export "double") (param f64 i32) (result f32 i64) unreachable)
      (global (export "g") i32 (i32.const 7)))`);
    expect(interfaceOfLayout(readModuleLayout(bytes))).toEqual({
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

  test("is read after recursive groups, structs, arrays and reference types", () => {
    expect(interfaceOfLayout(readModuleLayout(GC_MODULE)).exports).toEqual([
      { name: "__f", kind: "function", type: { params: ["i64"], results: ["i64"] } },
    ]);
  });

  test("agrees with the engine on names and kinds", async () => {
    const bytes = wat(`(module
      (import "a" "b" (func)) (import "a" "\\ef\\bb\\bfc" (func)) (func (export "__proto__") (result i32) i32.const 0)
      (table (export "t") 1 funcref) (memory (export "memory") 1))`);
    const untyped = (each: object) => ({ ...each, type: undefined });
    const { imports, exports } = interfaceOfLayout(readModuleLayout(bytes));
    expect(interfaceOfModule(await WebAssembly.compile(bytes))).toEqual({
      imports: imports.map(untyped),
      exports: exports.map(untyped),
    });
  });

  test("is rejected with the offset of an unknown form", () => {
    const bytes = GC_MODULE.slice();
    bytes[10] = 0x01; // one type
    bytes[11] = 0x11; // of an unknown form
    expect(() => interfaceOfLayout(readModuleLayout(bytes))).toThrow(
      "Cannot read module: unknown type form 0x11 at byte 11",
    );
  });
});

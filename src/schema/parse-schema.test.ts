import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSchema } from "./parse-schema.ts";
import { printFunction, printType } from "./print-type.ts";

const typeOf = (text: string) => parseSchema(`type T = ${text};`).types[0]?.type;

describe("the text of a schema", () => {
  test("declares functions of the plugin and of the page, with documentation", () => {
    const schema = parseSchema(`schema 1;
      /// Doubles each number.
      ///   Exactly.
      fn double(x: vec<f64>) -> vec<f64>;
      import fn run(command: string, "no word": u8,) -> bytes;
      fn nothing();`);
    expect(schema).toEqual({
      functions: [
        {
          name: "double",
          docs: "Doubles each number.\n  Exactly.",
          params: [{ name: "x", type: { kind: "vec", item: { kind: "f64" } } }],
          result: { kind: "vec", item: { kind: "f64" } },
        },
        { name: "nothing", docs: "", params: [], result: { kind: "unit" } },
      ],
      hostFunctions: [
        {
          name: "run",
          docs: "",
          params: [
            { name: "command", type: { kind: "string" } },
            { name: "no word", type: { kind: "u8" } },
          ],
          result: { kind: "bytes" },
        },
      ],
      types: [],
    });
  });

  test("declares structs, enums, names of types and resources", () => {
    const { types } = parseSchema(`
      /// A point.
      struct Point { x: f64, /// Upwards.
        y: f64 }
      enum Shape { Circle(Point, f64), Polygon(vec<Point>), Label { at: Point }, Empty }
      type Meters = f64; resource Rope`);
    const point = { kind: "named", name: "Point" };
    expect(types).toEqual([
      {
        name: "Point",
        docs: "A point.",
        type: {
          kind: "struct",
          fields: [
            { name: "x", docs: "", type: { kind: "f64" } },
            { name: "y", docs: "Upwards.", type: { kind: "f64" } },
          ],
        },
      },
      {
        name: "Shape",
        docs: "",
        type: {
          kind: "enum",
          variants: [
            { name: "Circle", docs: "", type: { kind: "tuple", items: [point, { kind: "f64" }] } },
            { name: "Polygon", docs: "", type: { kind: "vec", item: point } },
            {
              name: "Label",
              docs: "",
              type: { kind: "struct", fields: [{ name: "at", docs: "", type: point }] },
            },
            { name: "Empty", docs: "", type: { kind: "unit" } },
          ],
        },
      },
      { name: "Meters", docs: "", type: { kind: "f64" } },
      { name: "Rope", docs: "", type: { kind: "resource", name: "Rope" } },
    ]);
  });

  test.each([
    ["()", "()"],
    ["(u8,)", "(u8,)"],
    ["( u8 ,string, )", "(u8, string)"],
    ["array<option<char>,3>", "array<option<char>, 3>"],
    ["map<string,set<u128>>", "map<string, set<u128>>"],
    ["result<fixedBytes<4>,f32Array>", "result<fixedBytes<4>, f32Array>"],
    ['{ a: u8, "b c": {} }', '{ a: u8, "b c": {} }'],
    ["enum { A, B(u8), C(u8, u8), D { x: u8 } }", "enum { A, B(u8), C(u8, u8), D { x: u8 } }"],
    ["unknown", "unknown"],
  ])("has the type %s", (text, printed) => {
    const type = typeOf(text);
    expect(type && printType(type)).toBe(printed);
    expect(typeOf(printed)).toEqual(type);
  });

  test("may leave out the version and the semicolons", () => {
    const { functions } = parseSchema("fn double(x: vec<f64>) -> vec<f64>");
    expect(functions.map(printFunction)).toEqual(["double(x: vec<f64>) -> vec<f64>"]);
  });

  test("may repeat a declaration in the same words", () => {
    const twice = parseSchema("struct P { x: u8 }\nstruct P {  x: u8 };\nfn f();fn f()");
    expect([twice.types.length, twice.functions.length]).toEqual([1, 1]);
  });

  test("may name functions and fields as it likes", () => {
    const { functions } = parseSchema(
      'fn fn(enum: u8); fn "__proto__"(); fn vec() -> { type: u8 }',
    );
    expect(functions.map(({ name }) => name)).toEqual(["fn", "__proto__", "vec"]);
  });
});

describe("a schema is refused", () => {
  test.each([
    ["schema 2", "version 2 is unknown (allowed: 1) at line 1, column 8"],
    ["fn f(", "found the end, expected the name of a parameter at line 1, column 6"],
    ["fn f(x: u7)", 'function "f" refers to "u7", which is not declared'],
    ["fn f() -> (u8)", "a tuple of one type has a comma behind it at line 1, column 12"],
    ["\n  fn f() -> vec<u8;", 'found ";", expected ">" at line 2, column 19'],
    [
      "struct P { x: u8 } struct P { y: u8 }",
      'type "P" is declared in two ways at line 1, column 20',
    ],
    ["struct vec {}", '"vec" cannot be declared: it is a type of the language at line 1, column 8'],
    ["struct P { x: u8, x: u8 }", 'field of type "P" is "x" twice'],
    ['struct P { "__proto__": u8 }', 'field of type "P" is "__proto__": reserved property name'],
    ["enum E { }", "an enum has no variant at line 1, column 10"],
    ["type A = B; type B = A", 'type "A" stands for itself'],
    ["struct P {} fn f(x: borrow<P>)", 'function "f" borrows "P", which is no resource'],
    ["fn f() #", 'found "#", expected a word at line 1, column 8'],
    ['fn "a\\x"()', 'found "a\\x", expected a JSON string at line 1, column 4'],
    ["type A = array<u8, 99999999999999999999>", "expected a length"],
    [`type A = ${"vec<".repeat(64)}u8${">".repeat(64)}`, "types are nested more than 64 deep"],
  ])("%s", (text, problem) => {
    expect(() => parseSchema(text)).toThrow(problem);
  });
});

test("types may be nested 64 deep", () => {
  expect(typeOf(`${"vec<".repeat(63)}u8${">".repeat(63)}`)).toBeDefined();
});

test("any text is a schema or a TypeError", () => {
  const words = fc.constantFrom(
    ...["schema", "1", "fn", "import", "struct", "enum", "type", "resource", "A", "B", '"a b"'],
    ...["{", "}", "(", ")", "<", ">", ",", ":", ";", "=", "->", "vec", "map", "u8", "unknown"],
    ...["///x\n", "borrow", "array", '"__proto__"', "\n", '"', "\\", "\u0000"],
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
      try {
        parseSchema(parts.join(" "));
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        expect((error as Error).message).toMatch(/^Cannot read schema: /);
      }
    }),
    { numRuns: 3000 },
  );
});

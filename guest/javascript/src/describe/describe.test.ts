import { expect, test } from "vitest";
import { parseSchema, printFunction, printType } from "../../../../src/schema/index.ts";
import { resolveIn } from "../resolve.ts";
import { describe as describePlugin } from "./describe.ts";
import { schemaText } from "./schema-text.ts";

type Files = Readonly<Record<string, string>>;

function describe(files: Files | string) {
  const sources = typeof files === "string" ? { "plugin.ts": files } : files;
  const entry = Object.keys(sources)[0] ?? "";
  return describePlugin(entry, {
    read: (file) => sources[file] ?? "",
    resolve: (specifier, from) => resolveIn(specifier, from, (file) => file in sources),
  });
}

/** The declarations as the reader of Cloche understands them, and what there is to say. */
function described(files: Files | string): string[] {
  const { description, diagnostics } = describe(files);
  const { functions, hostFunctions, types } = parseSchema(schemaText(description));
  return [
    ...types.map(({ name, type }) => `type ${name} = ${printType(type)}`),
    ...functions.map((each) => `fn ${printFunction(each)}`),
    ...hostFunctions.map((each) => `import fn ${printFunction(each)}`),
    ...diagnostics.map((each) => `${each.file}:${each.line}:${each.column} ${each.message}`),
  ];
}

/** What there is to say about one function with a parameter of a type. */
function problemsOf(type: string, before = ""): string[] {
  return describe(`${before}\nexport function f(x: ${type}) {}`).diagnostics.map(
    ({ message }) => message,
  );
}

test.each([
  ["number", "f64"],
  ["bigint", "i64"],
  ["boolean", "bool"],
  ["string", "string"],
  ["u8", "u8"],
  ["i128", "i128"],
  ["char", "char"],
  ["Duration", "duration"],
  ["Uint8Array", "bytes"],
  ["Uint8Array<ArrayBuffer>", "bytes"],
  ["BigInt64Array", "i64Array"],
  ["number[]", "vec<f64>"],
  ["readonly u8[]", "vec<u8>"],
  ["Array<string | null>", "vec<option<string>>"],
  ["ReadonlyArray<(string)>", "vec<string>"],
  ["[u8, name: string]", "(u8, string)"],
  ["[u8]", "(u8,)"],
  ["[]", "()"],
  ["undefined", "()"],
  ["Map<string, Set<u32>>", "map<string, set<u32>>"],
  ["Result<number, void>", "result<f64, ()>"],
  ["FixedArray<i32, 3>", "array<i32, 3>"],
  ["FixedBytes<16>", "fixedBytes<16>"],
  ["{ a: u8; 'b c': string }", '{ a: u8, "b c": string }'],
  ["Readonly<{ a: u8 }>", "{ a: u8 }"],
  ['{ type: "A"; value: u8 } | { type: "B" }', "enum { A(u8), B }"],
  ['null | { type: "A" } | { type: "B"; value: [u8, u8] }', "option<enum { A, B(u8, u8) }>"],
])("the type %s is %s", (type, word) => {
  const sdk =
    'import type { char, Duration, FixedArray, FixedBytes, i32, i128, Result, u8, u32 } from "@cloche/javascript";';
  const { description, diagnostics } = describe(`${sdk}\nexport function f(x: ${type}) {}`);
  expect(diagnostics).toEqual([]);
  const [found] = parseSchema(schemaText(description)).functions;
  expect(found && printFunction(found)).toBe(`f(x: ${word})`);
});

test("functions and types come from all modules of the plugin", () => {
  expect(
    described({
      "src/plugin.ts": `
        import type { Shape as Figure, Base } from "./shapes.js";
        import { area } from "./shapes";
        export { area, twice as double } from "./shapes.ts";
        export * from "./more/index.ts";
        export type { Figure };
        interface Named extends Base { name: string }
        type Meters = number;
        export const rename = async (named: Named, name: string): Promise<Named> => ({ ...named, name });
        export const length: (figure: Figure) => Meters = area;
        declare function run(command: string): Uint8Array;`,
      "src/shapes.ts": `
        export interface Base { id: bigint }
        interface Circle { type: "Circle"; value: number }
        export type Shape = Circle | { type: "Empty" };
        export function area(shape: Shape): number { return 0; }
        export function twice(x: number): number { return 2 * x; }
        function hidden(x: any) {}
        declare function run(command: string): Uint8Array;`,
      "src/more/index.ts": `
        import type { Shape } from "../shapes.ts";
        export function log(shape: Shape, next: import("../shapes.ts").Base | null) { return; }`,
    }),
  ).toEqual([
    "type Shape = enum { Circle(f64), Empty }",
    "type Named = { id: i64, name: string }",
    "type Meters = f64",
    "type Base = { id: i64 }",
    "fn area(shape: Shape) -> f64",
    "fn double(x: f64) -> f64",
    "fn rename(named: Named, name: string) -> Named",
    "fn length(figure: Shape) -> Meters",
    "fn log(shape: Shape, next: option<Base>)",
    "import fn run(command: string) -> bytes",
  ]);
});

test("JavaScript says its types in JSDoc", () => {
  expect(
    described({
      "plugin.js": `
        import { hostFunction } from "@cloche/javascript";
        /** @import { Tree } from "./tree.js" */
        /**
         * @typedef {object} Point A point.
         * @property {number} x
         * @property {u8 | null} y To the top.
         */
        /** @typedef {{ type: "A" } | { type: "B", value: Point }} Choice */

        /** @type {(command: string) => Uint8Array} */
        const run = hostFunction("run");

        /**
         * Chooses.
         * @param {Point[]} points
         * @param {Map<string, import("./tree.js").Tree>} trees - by name
         * @returns {Promise<Choice>}
         */
        export async function choose(points, trees) { return { type: "A" }; }

        /** @type {(tree: Tree) => u32} */
        export const count = (tree) => 0;`,
      "tree.js": "/** @typedef {{ label: string, children: Tree[] }} Tree */\nexport {};",
    }),
  ).toEqual([
    "type Point = { x: f64, y: option<u8> }",
    "type Tree = { label: string, children: vec<Tree> }",
    "type Choice = enum { A, B(Point) }",
    "fn choose(points: vec<Point>, trees: map<string, Tree>) -> Choice",
    "fn count(tree: Tree) -> u32",
    "import fn run(command: string) -> bytes",
  ]);
});

test("comments become documentation", () => {
  const { description } = describe(`
    /**
     * A point.
     *
     * Of the plane.
     */
    interface Point {
      /** To the right. */
      x: number;
    }
    type Choice =
      /** The first. */
      | { type: "A" }
      /** The second. */
      | { type: "B" };
    // Not this one.
    /**
     * Chooses.
     * @param point One.
     */
    export function choose(point: Point): Choice { return { type: "A" }; }`);
  expect(schemaText(description)).toBe(
    [
      ...["schema 1;", "/// A point.", "/// ", "/// Of the plane.", "struct Point {"],
      ...["/// To the right.", "x: f64", "}", "enum Choice {", "/// The first.", "A,"],
      ...["/// The second.", "B", "}", "/// Chooses.", "fn choose(point: Point) -> Choice;", ""],
    ].join("\n"),
  );
});

test("resources are declared by their names", () => {
  expect(
    described(`
      import type { Borrow, Resource } from "@cloche/javascript";
      type Rope = Resource<"Rope">;
      export function keep(rope: Rope, other: Borrow<Rope>): Rope | null { return null; }`),
  ).toEqual(["type Rope = Rope", "fn keep(rope: Rope, other: borrow<Rope>) -> option<Rope>"]);
  const sdk = 'import type { Borrow, Resource } from "@cloche/javascript";';
  expect(problemsOf("Rope", `${sdk} type Rope = Resource<"Other">;`)).toEqual([
    'Write its name: type Rope = Resource<"Rope">',
  ]);
  expect(problemsOf("Borrow<string>", sdk)).toEqual(["Only a resource can be borrowed"]);
  expect(problemsOf('Resource<"A">', sdk)).toEqual([
    'A resource has a name: type Rope = Resource<"Rope">',
  ]);
});

test.each([
  ["any", "The type any cannot be described: write what it is"],
  ["Record<string, number>", "use a Map, or an interface if the names are known"],
  ["Date", "use a number of milliseconds"],
  ["() => void", "The type of a function cannot be described"],
  ["string | undefined", "Write null instead of undefined"],
  ["string | number", "A union is T | null, or variants such as"],
  ['"a" | "b"', "A union is T | null, or variants such as"],
  ['{ type: "A"; x: number } | { type: "B" }', "The fields of a variant stand in its value"],
  ["{ x?: number }", '"x" is optional: write x: T | null'],
  ["{ f(): void }", "A struct has fields with types, and nothing else"],
  ["[number, ...string[]]", "A tuple has a fixed length"],
  ["Promise<number>", "only the result of an exported function can be a promise"],
  ["Missing", "The type Missing cannot be described"],
  ["u8", 'Import the type: import type { u8 } from "@cloche/javascript"'],
])("the type %s is refused with what to do", (type, message) => {
  expect(problemsOf(type)).toEqual([expect.stringContaining(message)]);
});

test("what cannot be offered is told at its line", () => {
  expect(
    described(`
export function untyped(x) { return x; }
export function optional(x?: number) {}
export function usual(x: number = 1) {}
export function rest(...x: number[]) {}
export function* many(): number { yield 1; }
export function any<T>(x: T) {}
export function alloc_buffer() {}
export function over(x: string): string;
export const answer = 42;
export default function () {}
interface Pair<T> { one: T }
export function generic(x: Pair<string>) {}
declare function later(): Promise<string>;
type Foreign = import("somewhere").Type;
export function foreign(x: Foreign) {}
`),
  ).toEqual([
    "type Foreign = ()",
    'plugin.ts:9:8 "over" has several signatures: a function of a plugin has one',
    "plugin.ts:11:1 A default export is not offered to the page: export a function by its name",
    'plugin.ts:2:25 Parameter "x" of "untyped" has no type: write x: number, or @param {number} x',
    'plugin.ts:2:8 "untyped" does not say what it returns: write (…): number, or @returns {number}',
    'plugin.ts:3:26 Parameter "x" of "optional" is optional, which a plugin\'s function cannot have: write T | null',
    'plugin.ts:4:23 Parameter "_" of "usual" is a default value, which a plugin\'s function cannot have: write T | null',
    'plugin.ts:5:22 Parameter "_" of "rest" is a rest parameter, which a plugin\'s function cannot have: write T | null',
    'plugin.ts:6:8 "many" is a generator: return an array',
    'plugin.ts:7:8 "any" has type parameters: write its types out',
    'plugin.ts:8:8 The name "alloc_buffer" is one of the ABI: choose another',
    'plugin.ts:10:1 "answer" is not offered to the page: it is no function of these sources',
    'plugin.ts:13:28 "Pair" has type parameters, which a schema does not: write the type out',
    'plugin.ts:15:16 The type "Type" comes from "somewhere", which is not read: declare it in these sources',
    'plugin.ts:14:1 "later" returns a promise: a host function returns its value, and the plugin waits',
  ]);
  expect(described("export const x = ;")).toEqual(["plugin.ts:1:18 Unexpected token"]);
  expect(described("function f() {}")).toEqual([
    "plugin.ts:1:1 The module exports no function: write export before one",
  ]);
});

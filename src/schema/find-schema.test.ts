import { expect, test } from "vitest";
import { findSchema } from "./find-schema.ts";

const EMPTY_MODULE = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

function section(name: string, content: string | readonly number[]): number[] {
  const bytes = [name.length, ...new TextEncoder().encode(name)];
  bytes.push(...(typeof content === "string" ? new TextEncoder().encode(content) : content));
  return [0, (bytes.length & 0x7f) | 0x80, bytes.length >> 7, ...bytes];
}

const find = (...sections: number[][]) =>
  findSchema(new Uint8Array([...EMPTY_MODULE, ...sections.flat()]));

test("the sections of a module are one text", () => {
  const pieces = [section("plugin.schema", "fn f(x: T)"), section("plugin.schema", "type T = u8")];
  const module = new Uint8Array([...EMPTY_MODULE, ...pieces.flat()]);
  const schema = findSchema(module);
  expect(schema?.functions.map(({ name }) => name)).toEqual(["f"]);
  expect(findSchema(new WebAssembly.Module(module))).toEqual(schema);
});

test("other sections are not looked into", () => {
  expect(
    find(section("plugin.schemas", "x"), section("name", [0xff]), section("", "")),
  ).toBeUndefined();
});

test("what is no module has no schema", () => {
  expect(findSchema(new Uint8Array([1, 2, 3]))).toBeUndefined();
  expect(find([0, 0xff, 0xff, 0xff])).toBeUndefined();
  expect(find([0, 0])).toBeUndefined();
});

test("text that is not UTF-8 is refused", () => {
  expect(() => find(section("plugin.schema", [0xff]))).toThrow("its bytes are not UTF-8");
});

test("sections may have as many bytes as is allowed, together", () => {
  const module = new Uint8Array([
    ...EMPTY_MODULE,
    ...section("plugin.schema", "fn f();"),
    ...section("plugin.schema", "fn g()"),
  ]);
  expect(findSchema(module, { schemaBytes: 13 })?.functions).toHaveLength(2);
  expect(() => findSchema(module, { schemaBytes: 12 })).toThrow(TypeError);
});

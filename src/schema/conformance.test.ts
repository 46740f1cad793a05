import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findSchema } from "./find-schema.ts";
import { parseSchema } from "./parse-schema.ts";
import type { PluginSchema } from "./plugin-schema.ts";

const GUESTS = ["conformance-rust", "conformance-c"];

const expected = parseSchema(readFileSync("guest/conformance/conformance.schema", "utf8"));

function schemaOf(name: string): PluginSchema | undefined {
  return findSchema(readFileSync(`public/plugins/fixtures/${name}.wasm`));
}

/** In one order, and with one description of the same bytes: `vec<f32>` for `f32Array`. */
function normalized(schema: PluginSchema | undefined): unknown {
  const byName = (one: { name: string }, other: { name: string }) =>
    one.name < other.name ? -1 : 1;
  const text = JSON.stringify({
    functions: schema?.functions.toSorted(byName),
    hostFunctions: schema?.hostFunctions.toSorted(byName),
    types: schema?.types.toSorted(byName),
  });
  return JSON.parse(
    text.replace(/\{"kind":"(\w+)Array"\}/g, '{"kind":"vec","item":{"kind":"$1"}}'),
  );
}

for (const guest of GUESTS) {
  test(`${guest} declares what is asked of it, with its documentation`, () => {
    expect(normalized(schemaOf(guest))).toEqual(normalized(expected));
  });
}

test("the examples describe all of their functions", () => {
  for (const name of ["../double", "../double-c", "../everything", "../words"]) {
    const functions = schemaOf(name)?.functions.map((each) => each.name);
    const module = new WebAssembly.Module(readFileSync(`public/plugins/fixtures/${name}.wasm`));
    const exported = WebAssembly.Module.exports(module)
      .filter(({ kind }) => kind === "function")
      .flatMap((each) => /^__(?!alloc_buffer|free_buffer)(.+)/.exec(each.name)?.[1] ?? []);
    expect(functions?.toSorted(), name).toEqual(exported.toSorted());
    expect(JSON.stringify(schemaOf(name))).not.toContain('"unknown"');
  }
});

test("guests that were built without the SDKs have no schema", () => {
  expect(schemaOf("original")).toBeUndefined();
});

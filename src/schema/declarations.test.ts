import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { declarePlugin } from "./declarations.ts";
import { parseSchema } from "./parse-schema.ts";

const declared = (text: string) => declarePlugin(parseSchema(text)).split("\n").slice(2).join("\n");

test("functions are an interface, with what a caller may give and what it gets", () => {
  expect(
    declared(`/// Doubles.
      fn double(x: vec<f64>, enum: option<option<u64>>) -> vec<f64>;
      fn "a b"(_: set<string>, _: map<u8, bytes>);
      import fn run(points: vec<(u8, u8)>) -> vec<string>;`),
  ).toBe(`/** The functions of the plugin. */
export interface Plugin {
  /** Doubles. */
  double(x: readonly number[] | Float64Array, value2: { readonly some: bigint | null } | null): number[];
  "a b"(value1: ReadonlySet<string>, value2: ReadonlyMap<number, Uint8Array>): void;
}

/** The functions of the page that the plugin calls. */
export interface PluginHost {
  run(points: [number, number][]): readonly string[] | Promise<readonly string[]>;
}
`);
});

test("names that TypeScript has are changed", () => {
  const text = declared(
    'struct Map {} struct "a b" {} struct "a_b" {} fn f(x: Map, y: "a b", z: a_b)',
  );
  expect(text).toContain("f(x: Map_, y: a_b, z: a_b_): void;");
  expect(text).toContain("export type Map_ = Record<never, never>;");
});

test("documentation cannot end its comment", () => {
  expect(declared("/// a */ b\nfn f()")).toContain("/** a *\\/ b */");
});

test("what is declared of the conformance guest is TypeScript that fits to its values", () => {
  const folder = mkdtempSync(join(tmpdir(), "cloche-declarations-"));
  const schema = readFileSync("guest/conformance/conformance.schema", "utf8");
  writeFileSync(join(folder, "plugin.d.ts"), declarePlugin(parseSchema(schema)));
  writeFileSync(
    join(folder, "use.ts"),
    `import type { Plugin, PluginHost, Shape } from "./plugin";
     declare const plugin: Plugin;
     const shape: Shape = plugin.echo_shape({ type: "Circle", value: { center: { x: 1, y: 2 }, radius: 3 } });
     if (shape.type === "Polygon") shape.value.corners[0] satisfies { x: number; y: number } | undefined;
     plugin.echo_floats(new Float32Array(2)) satisfies Float32Array;
     plugin.echo_numbers(new Float64Array(2)) satisfies number[];
     plugin.divide(1, 2) satisfies { ok: true; value: number } | { ok: false; error: string };
     // @ts-expect-error
     plugin.echo_u64(5);
     export const host: PluginHost = {
       run: async (command) => new Uint8Array(command.length),
       scale: (point, factor) => ({ x: point.x * factor, y: point.y * factor }),
       rope_length: () => 0n,
       rope_slice: () => "",
     };`,
  );
  const compiler = resolve("node_modules/.bin/tsc");
  const options = ["--strict", "--noEmit", "--exactOptionalPropertyTypes", "--target", "es2022"];
  execFileSync(compiler, [...options, "use.ts"], { cwd: folder, stdio: "pipe" });
});

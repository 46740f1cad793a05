import type { Codec } from "cloche";
import { expect, test } from "./harness/test.ts";

for (const engine of ["cloche", "wasmer"] as const) {
  test(`every type goes to the Rust guest and comes back unchanged, on the ${engine} engine`, async ({
    harness,
  }) => {
    const failures = await harness.evaluate(async (engine) => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything(window.onEngine(engine));

      interface Tree {
        value: number;
        children: Tree[];
      }
      const point = t.struct({ x: t.f64, y: t.f64, label: t.string });
      const shape = t.enum({
        Empty: t.unit,
        Circle: t.f64,
        Segment: t.tuple(point, point),
        Rectangle: t.struct({ corner: point, width: t.f64, height: t.f64 }),
      });
      const tree: Codec<Tree> = t.lazy(() => t.struct({ value: t.i32, children: t.vec(tree) }));
      const origin = { x: 0, y: -0, label: "Ursprung ⌖" };

      const different: string[] = [];
      const show = (value: unknown): string => {
        if (value instanceof Map || value instanceof Set)
          return `${value.constructor.name} ${show([...value])}`;
        if (Array.isArray(value)) return `[${value.map(show).join()}]`;
        if (value instanceof Uint8Array) return `bytes ${value.join()}`;
        if (typeof value === "object" && value !== null) {
          return `{${Object.entries(value)
            .map(([key, each]) => `${key}:${show(each)}`)
            .join()}}`;
        }
        return Object.is(value, -0) ? "-0" : `${typeof value} ${String(value)}`;
      };
      const check = (name: string, sent: unknown, got: unknown) => {
        if (show(sent) !== show(got))
          different.push(`${name}: sent ${show(sent)}, got ${show(got)}`);
      };
      const echo = <T>(name: string, codec: Codec<T>, ...values: T[]) =>
        Promise.all(
          values.map(async (value) =>
            check(name, value, await plugin.function(name, [codec], codec)(value)),
          ),
        );

      await Promise.all([
        echo("echo_bool", t.bool, true, false),
        echo("echo_u8", t.u8, 0, 255),
        echo("echo_u16", t.u16, 0, 65_535),
        echo("echo_u32", t.u32, 0, 4_294_967_295),
        echo("echo_u64", t.u64, 0n, 2n ** 64n - 1n),
        echo("echo_u128", t.u128, 0n, 2n ** 128n - 1n),
        echo("echo_i8", t.i8, -128, 127),
        echo("echo_i16", t.i16, -32_768, 32_767),
        echo("echo_i32", t.i32, -2_147_483_648, 2_147_483_647),
        echo("echo_i64", t.i64, -(2n ** 63n), 2n ** 63n - 1n),
        echo("echo_i128", t.i128, -(2n ** 127n), 2n ** 127n - 1n),
        echo("echo_f32", t.f32, 0.5, -0, Infinity, NaN),
        echo("echo_f64", t.f64, Math.PI, -0, -Infinity, NaN, Number.MIN_VALUE),
        echo("echo_char", t.char, "a", "é", "€", "🔔", "\0"),
        echo("echo_string", t.string, "", "under glass", "Glöckchen 🔔", "x".repeat(100_000)),
        echo("echo_bytes", t.bytes, new Uint8Array(), new Uint8Array([0, 128, 255])),
        echo("echo_unit", t.unit, undefined),
        echo("echo_option", t.option(t.u32), null, 7),
        echo("echo_nested_option", t.option(t.option(t.u32)), null, { some: null }, { some: 7 }),
        echo("echo_vec", t.vec(t.f64), [], [1, 2.5, -3]),
        echo("echo_array", t.array(t.u16, 4), [1, 2, 3, 4]),
        echo("echo_tuple", t.tuple(t.u8, t.string, t.bool), [1, "two", true]),
        echo(
          "echo_map",
          t.map(t.string, t.u32),
          new Map(),
          new Map([
            ["__proto__", 1],
            ["b", 2],
          ]),
        ),
        echo("echo_hash_map", t.map(t.string, t.u32), new Map([["only", 1]])),
        echo("echo_set", t.set(t.u32), new Set([1, 2, 3])),
        echo("echo_struct", point, origin),
        echo(
          "echo_enumeration",
          shape,
          { type: "Empty" },
          { type: "Circle", value: 1.5 },
          { type: "Segment", value: [origin, { ...origin, x: 9 }] },
          { type: "Rectangle", value: { corner: origin, width: 2, height: 3 } },
        ),
        echo(
          "echo_result",
          t.result(t.u32, t.string),
          { ok: true, value: 1 },
          { ok: false, error: "no" },
        ),
        echo("echo_duration", t.duration, { seconds: 5n, nanoseconds: 999_999_999 }),
        echo("echo_path", t.string, "/a/../b"),
        echo("echo_tree", tree, {
          value: 1,
          children: [
            { value: -2, children: [] },
            { value: 3, children: [] },
          ],
        }),
      ]);

      const many = plugin.function(
        "many",
        [t.u8, t.string, t.f64, t.bool, t.bytes, t.option(t.i64), t.char, t.tuple(t.u16, t.u16)],
        t.string,
      );
      const written = await many(1, "two", 3.5, true, new Uint8Array([4, 5]), -6n, "7", [8, 9]);
      check("many", `1 two 3.5 true [4, 5] Some(-6) 7 (8, 9)`, written);

      check("nothing", undefined, await plugin.function("nothing", [], t.unit)());
      return different;
    }, engine);
    expect(failures).toEqual([]);
  });
}

import { expect, test } from "vitest";
import type { Codec } from "../codec/codec.ts";
import { decode, Encoder } from "../codec/message.ts";
import { t } from "../codec/t.ts";
import type { TypeDescription } from "../codec/type-description.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { codecOf } from "./codec-of.ts";

const encoder = new Encoder(DEFAULT_LIMITS);

test("makes a codec of the type of another one", () => {
  const shape = t.enum({ Circle: t.tuple(t.f64, t.bytes), Empty: t.unit });
  const value = { type: "Circle", value: [0.5, Uint8Array.of(1)] } as const;
  const codec = codecOf(shape.type) as Codec<unknown>;
  const bytes = encoder.encode(codec, value);
  expect(bytes).toEqual(encoder.encode(shape, value));
  expect(decode(codec, bytes, DEFAULT_LIMITS)).toEqual(value);
});

test("makes a codec of a type that contains itself by its name", () => {
  const tree: TypeDescription = {
    kind: "struct",
    fields: [
      { name: "children", docs: "", type: { kind: "vec", item: { kind: "named", name: "Tree" } } },
    ],
  };
  const codec = codecOf(tree, [{ name: "Tree", docs: "", type: tree }]) as Codec<unknown>;
  const value = { children: [{ children: [] }] };
  expect(decode(codec, encoder.encode(codec, value), DEFAULT_LIMITS)).toEqual(value);
});

test.each<[unknown, string]>([
  [{ kind: "constructor" }, "Invalid type: constructor (must be a kind of type)"],
  [{ kind: "vec", item: { kind: "named", name: "Missing" } }, 'no type is named "Missing"'],
  [{ kind: "unknown" }, "a type is unknown"],
])("refuses %j", (type, message) => {
  const make = () => codecOf(type as TypeDescription);
  expect(make).toThrow(TypeError);
  expect(make).toThrow(message);
});

import { invalidValue } from "../../wording/invalid-value.ts";
import { checkCodec } from "../check-codec.ts";
import type { Codec } from "../codec.ts";
import { WEIGHTS } from "../weights.ts";

/** The codec of a kind of objects that stay on the page. */
export interface ResourceCodec<T extends object> extends Codec<T> {
  readonly type: { readonly kind: "resource"; readonly name: string };
}

const NO_HANDLES = "only a plugin can hold one, and not a pool of them";

/**
 * An object of the page, which crosses as a handle and belongs to the plugin from then on: until the
 * plugin drops it, returns it, or passes it to a host function as `t.resource`, or is closed. A call that
 * rejects leaves it to the page.
 *
 * Decoding refuses what is no handle of a resource of this name that this plugin owns.
 *
 * @param name That of the guest's type.
 * @throws TypeError when `name` is no text.
 * @example
 * const rope = t.resource<Rope>("Rope");
 */
export function resource<T extends object>(name: string): ResourceCodec<T> {
  if (typeof name !== "string") throw invalidValue("name of t.resource", name, "a text");
  const type = { kind: "resource", name } as const;
  return { ...handleCodec<T>(type, `resource ${name}`), type };
}

/**
 * An object of the page that the plugin may use until its call is over. Host functions take what the
 * plugin owns or has borrowed. What a host function returns cannot be borrowed.
 *
 * @param of The codec of the resource.
 * @example
 * plugin.function("search", [t.borrow(rope), t.string], t.vec(t.u64));
 */
export function borrow<T extends object>(of: ResourceCodec<T>): Codec<T> {
  const place = "argument of t.borrow";
  checkCodec(of, place);
  const { type } = of as Codec<T>;
  if (type.kind !== "resource") throw invalidValue(place, of, "made by t.resource");
  return handleCodec<T>({ kind: "borrow", name: type.name }, `borrowed ${type.name}`);
}

function handleCodec<T extends object>(
  type: { readonly kind: "resource" | "borrow"; readonly name: string },
  shown: string,
): Codec<T> {
  const { kind, name } = type;
  const isOwned = kind === "resource";
  return {
    type,
    minBytes: 8,
    weight: WEIGHTS.item,
    nullable: false,
    encode: (writer, value: unknown) => {
      if (!isObject(value)) throw writer.wrong(value, `${shown} (an object)`);
      const handle = writer.handles?.give(name, value, !isOwned) ?? NO_HANDLES;
      if (typeof handle === "string") throw writer.mismatch(`no handle for a ${shown}: ${handle}`);
      writer.u64(handle);
    },
    decode: (reader) => {
      const at = reader.take(8, shown);
      const handle = reader.view.getBigUint64(at, true);
      const object = reader.handles?.find(name, handle, isOwned);
      if (object !== undefined) return object as T;
      const holds = isOwned ? "owns" : "holds";
      throw reader.mismatch(`${handle} is no handle of a ${name} that the plugin ${holds}`, at);
    },
  };
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

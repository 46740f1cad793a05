/**
 * The types of values that cross between host and guest, named as Rust names them.
 *
 * @example
 * const point = t.struct({ x: t.f64, y: t.f64 });
 * plugin.function("centre", [t.vec(point)], t.option(point));
 */
export * as t from "./codecs.ts";

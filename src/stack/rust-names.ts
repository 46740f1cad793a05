/** Names of Rust's functions as they stand in the source, made from what its compiler writes. */

import { readRustV0Name } from "./rust-v0-name.ts";

/** Longer names are left as they are. */
const MAX_MANGLED_CHARS = 10_000;

/** Returns any other name, one of C++ for example, as it is. */
export function readableRustName(name: string): string {
  if (name.length > MAX_MANGLED_CHARS) return name;
  if (name.startsWith("_R")) return readRustV0Name(name) ?? name;
  if (name.startsWith("_ZN")) return readLegacyName(name) ?? name;
  return name;
}

/** The hash at the end tells a name of Rust from one of C++. */
const LEGACY = /^_ZN(.*)17h[0-9a-f]{16}E(?:\.|$)/;

/** The form that `rustc` wrote until it changed to the one of RFC 2603: `_ZN5probe4fail17h4dbb…E`. */
function readLegacyName(name: string): string | undefined {
  const mangled = LEGACY.exec(name)?.[1];
  if (mangled === undefined) return undefined;
  const parts: string[] = [];
  for (let position = 0; position < mangled.length; ) {
    const digits = /^\d{1,5}/.exec(mangled.slice(position, position + 5))?.[0];
    if (digits === undefined) return undefined;
    const start = position + digits.length;
    position = start + Number(digits);
    if (position > mangled.length) return undefined;
    parts.push(unescaped(mangled.slice(start, position)));
  }
  return parts.length === 0 ? undefined : parts.join("::");
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["SP", "@"],
  ["BP", "*"],
  ["RF", "&"],
  ["LT", "<"],
  ["GT", ">"],
  ["LP", "("],
  ["RP", ")"],
  ["C", ","],
]);

function unescaped(part: string): string {
  return part
    .replace(/^_\$/, "$")
    .replaceAll("..", "::")
    .replace(/\$(?:u([0-9a-f]{1,6})|([A-Z]{1,2}))\$/g, (whole, hex?: string, code = "") => {
      if (hex === undefined) return ESCAPES.get(code) ?? whole;
      const codePoint = Number.parseInt(hex, 16);
      return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole;
    });
}

import type { TypeDescription } from "../codec/type-description.ts";
import { partsOf } from "./parts.ts";

/** Types of a codec that are looked at: one that makes itself anew each time has no end. */
const MAX_TYPES = 10_000;

/** Whether values of a codec's type may contain resources. */
export function holdsResources(...types: readonly TypeDescription[]): boolean {
  const seen = new Set(types);
  for (const type of seen) {
    if (type.kind === "resource" || type.kind === "borrow" || seen.size > MAX_TYPES) return true;
    for (const part of type.kind === "lazy" ? [type.type()] : partsOf(type)) seen.add(part);
  }
  return false;
}

import type { Resolution } from "../../files/resolve.ts";
import { checkedFlags, LookupFlags } from "../flags.ts";
import type { CallContext } from "../system-call.ts";

const SLASH = 0x2f;

/**
 * Where the path at `pointer` leads from the directory `fd`, which needs `rights`.
 *
 * A link at the end is followed when `lookupFlags` say so; and always when a slash is behind it, since
 * that asks for the directory that it leads to.
 *
 * @throws WasiError
 */
export function lookupPath(
  { memory, descriptors, tree }: CallContext,
  fd: number,
  rights: number,
  pointer: number,
  length: number,
  lookupFlags: number,
): Resolution {
  const { node } = descriptors.directory(fd, rights);
  checkedFlags(lookupFlags, LookupFlags.ALL);
  const path = memory.path(pointer, length, tree.limits.pathBytes);
  const follow = lookupFlags !== 0 || path.charCodeAt(path.length - 1) === SLASH;
  return tree.resolve(node, path, follow);
}

/** As {@link lookupPath}, for what changes the entry itself: a link at the end is never followed. */
export function lookupEntry(
  { memory, descriptors, tree }: CallContext,
  fd: number,
  rights: number,
  pointer: number,
  length: number,
): Resolution {
  const { node } = descriptors.directory(fd, rights);
  return tree.resolve(node, memory.path(pointer, length, tree.limits.pathBytes), false);
}

import type { NodePlace } from "../../files/node-tree.ts";
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
): NodePlace {
  const { node } = descriptors.directory(fd, rights);
  checkedFlags(lookupFlags, LookupFlags.ALL);
  const path = memory.path(pointer, length, tree.limits.pathBytes);
  const follows = lookupFlags !== 0 || path.charCodeAt(path.length - 1) === SLASH;
  return tree.find(node, path, follows ? "follow" : "nofollow");
}

/** As {@link lookupPath}, for what changes the entry itself: a link at the end is never followed. */
export function lookupEntry(
  { memory, descriptors, tree }: CallContext,
  fd: number,
  rights: number,
  pointer: number,
  length: number,
): NodePlace {
  const { node } = descriptors.directory(fd, rights);
  return tree.find(node, memory.path(pointer, length, tree.limits.pathBytes), "nofollow");
}

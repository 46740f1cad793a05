import type { NodePlace } from "../../files/node-tree.ts";
import type { DirectoryDescriptor } from "../descriptor.ts";
import { checkedFlags, LookupFlags } from "../flags.ts";
import type { CallContext } from "../system-call.ts";

const SLASH = 0x2f;

/**
 * Resolves the path at `pointer` from the directory `fd`, which must have `rights`.
 *
 * A symbolic link as the last name is followed when `lookupFlags` has the flag for it, and always when
 * the path ends in a slash, which requires a directory.
 *
 * @throws WasiError
 */
export function lookupPath(
  context: CallContext,
  fd: number,
  rights: number,
  pointer: number,
  length: number,
  lookupFlags: number,
): NodePlace {
  const directory = context.descriptors.directory(fd, rights);
  return lookupFrom(context, directory, pointer, length, lookupFlags);
}

/** Resolves a path like {@link lookupPath}, from a descriptor whose rights were checked. */
export function lookupFrom(
  { memory, tree }: CallContext,
  { node }: DirectoryDescriptor,
  pointer: number,
  length: number,
  lookupFlags: number,
): NodePlace {
  checkedFlags(lookupFlags, LookupFlags.ALL);
  const path = memory.path(pointer, length, tree.limits.pathBytes);
  const follows = lookupFlags !== 0 || path.charCodeAt(path.length - 1) === SLASH;
  return tree.find(node, path, follows ? "follow" : "nofollow");
}

/** Resolves a path like {@link lookupPath}, but never follows a symbolic link as the last name. */
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

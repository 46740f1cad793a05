import type { FileTree } from "./file-tree.ts";

/** One step from a tree of files to a later one. Paths have no slash at their start. */
export type TreeChange =
  | { readonly kind: "file"; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "removed"; readonly path: string };

/**
 * What has to be done to `before`, in this order, to make it `after`: what is gone, and what became
 * something else, is removed first. Files are compared byte by byte.
 */
export function treeChanges(before: FileTree, after: FileTree, prefix = ""): TreeChange[] {
  const changes: TreeChange[] = [];
  for (const [name, old] of Object.entries(before)) {
    const isKept = Object.hasOwn(after, name) && isDirectory(old) === isDirectory(after[name]);
    if (!isKept) changes.push({ kind: "removed", path: prefix + name });
  }
  for (const [name, content] of Object.entries(after)) {
    const path = prefix + name;
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    if (isDirectory(content)) {
      const isNew = !isDirectory(old);
      if (isNew) changes.push({ kind: "directory", path });
      changes.push(...treeChanges(isNew ? {} : old, content, `${path}/`));
      continue;
    }
    const bytes = bytesOf(content);
    if (old === undefined || isDirectory(old) || !isSame(bytesOf(old), bytes)) {
      changes.push({ kind: "file", path, bytes });
    }
  }
  return changes;
}

type Content = FileTree[string] | undefined;

function isDirectory(content: Content): content is FileTree {
  return typeof content === "object" && !(content instanceof Uint8Array);
}

function bytesOf(content: string | Uint8Array | undefined): Uint8Array {
  return typeof content === "string"
    ? new TextEncoder().encode(content)
    : (content ?? new Uint8Array());
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

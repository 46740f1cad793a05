import type { Limits } from "../../limits.ts";
import { Errno } from "../errno.ts";
import type { Part } from "../journal.ts";
import { ROOT_NODE } from "../volume.ts";
import { WasiError } from "../wasi-error.ts";
import type { ShadowDirectory, ShadowFile, ShadowLink, ShadowNode } from "./shadow-volume.ts";

/** One step from a tree of files to a later one. Paths have no slash at their start. */
export type TreeChange =
  /** A file is made or replaced, also where a directory was. What no chunk covers is zeros. */
  | {
      readonly kind: "file";
      readonly path: string;
      readonly size: number;
      readonly chunks: readonly (readonly [index: number, bytes: Uint8Array<ArrayBuffer>])[];
    }
  | { readonly kind: "directory"; readonly path: string }
  /** Something is removed with all that is in it, if it is there. */
  | { readonly kind: "removed"; readonly path: string };

/** How many names the targets of all links that are followed may have together. 65,536: about 10 ms, in which a page stands still. */
export const NAMES_FOLLOWED = 65_536;

/** Which files stand for symbolic links in a tree that has none. */
export type LinkCopies = Map<ShadowLink, ShadowFile>;

/**
 * What has to be done, in this order, to a tree of files and directories that was a copy of a volume
 * before that was touched, to make it one again.
 *
 * A symbolic link to a file of the volume is a copy of that file there; other links are nothing. What
 * was moved is written anew. Every name of the volume is looked at, and content only where it changed.
 *
 * @param nodes The volume now. It may be no tree: see `FileShadow`.
 * @param copies What the tree has for links; brought up to date.
 * @throws WasiError EFBIG when links make what is written more than `limits.fileBytes`, ELOOP when
 * all links together have more names to follow than {@link NAMES_FOLLOWED}
 */
export function treeChanges(
  nodes: ReadonlyMap<number, ShadowNode>,
  touched: ReadonlyMap<ShadowNode, ReadonlySet<Part>>,
  copies: LinkCopies,
  limits: Pick<Limits, "fileBytes" | "directoryDepth" | "linksFollowed">,
): TreeChange[] {
  const changes: TreeChange[] = [];
  let bytes = 0;
  const following = { linksFollowed: limits.linksFollowed, namesLeft: NAMES_FOLLOWED };
  const before = new Map(copies);
  copies.clear();
  /** The directory that is looked at, at the end, and those that it is in. */
  const trail: ShadowDirectory[] = [];
  const seen = new Set<ShadowDirectory>();

  const visit = (directory: ShadowDirectory, prefix: string, isNew: boolean): void => {
    trail.push(directory);
    seen.add(directory);
    const names = isNew ? undefined : touched.get(directory);
    for (const name of names ?? []) {
      const isGone = !directory.entries.has(name as string);
      if (isGone) changes.push({ kind: "removed", path: prefix + name });
    }
    for (const [name, id] of directory.entries) {
      const node = nodes.get(id);
      if (node !== undefined) visitEntry(node, prefix + name, isNew, names?.has(name) ?? isNew);
    }
    trail.pop();
  };

  /** @param isNew Whether the directory is, so that nothing is there yet. */
  const visitEntry = (node: ShadowNode, path: string, isNew: boolean, isTouched: boolean): void => {
    if (node.kind === "directory") {
      if (seen.has(node) || trail.length > limits.directoryDepth) return;
      if (isTouched && !isNew) changes.push({ kind: "removed", path });
      if (isTouched) changes.push({ kind: "directory", path });
      visit(node, `${path}/`, isTouched);
      return;
    }
    const file = node.kind === "file" ? node : followed(nodes, trail, node, following);
    if (following.namesLeft < 0) throw new WasiError(Errno.ELOOP, path);
    const copied = node.kind === "link" ? before.get(node) : file;
    if (file === undefined) {
      const isThere = !isNew && (isTouched || copied !== undefined);
      if (isThere) changes.push({ kind: "removed", path });
      return;
    }
    if (node.kind === "link") copies.set(node, file);
    if (isTouched || copied !== file || touched.has(file)) {
      bytes += file.size;
      if (bytes > limits.fileBytes) throw new WasiError(Errno.EFBIG, path);
      changes.push({ kind: "file", path, size: file.size, chunks: [...file.chunks] });
    }
  };

  const root = nodes.get(ROOT_NODE);
  if (root?.kind === "directory") visit(root, "", false);
  return changes;
}

/** How far links are followed: each of them, and all. */
interface Following {
  readonly linksFollowed: number;
  namesLeft: number;
}

/** The file that a link in the last directory of `trail` leads to, unless that is out of the first. */
function followed(
  nodes: ReadonlyMap<number, ShadowNode>,
  trail: readonly ShadowDirectory[],
  link: ShadowLink,
  following: Following,
): ShadowFile | undefined {
  const directories = [...trail];
  /** What is still to be walked, the next name last. */
  const names: string[] = [];
  const walk = (target: string): void => {
    const next = target.split("/");
    // Counted here, since it is cutting them apart that takes the time.
    following.namesLeft -= next.length;
    names.push(...next.toReversed());
  };
  walk(link.target);
  for (let links = 1; names.length > 0; ) {
    const name = names.pop() ?? "";
    if (following.namesLeft < 0) return undefined;
    if (name === "..") directories.pop();
    const directory = directories.at(-1);
    if (directory === undefined) return undefined;
    if (name === "" || name === "." || name === "..") continue;
    const node = nodes.get(directory.entries.get(name) ?? 0);
    if (node?.kind === "link" && ++links <= following.linksFollowed) {
      walk(node.target);
    } else if (node?.kind === "directory") directories.push(node);
    else return node?.kind === "file" && names.length === 0 ? node : undefined;
  }
  return undefined;
}

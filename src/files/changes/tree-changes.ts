import type { Limits } from "../../limits.ts";
import { Errno } from "../errno.ts";
import type { Part } from "../journal.ts";
import { ROOT_NODE } from "../volume.ts";
import { WasiError } from "../wasi-error.ts";
import type { ShadowDirectory, ShadowFile, ShadowLink, ShadowNode } from "./shadow-volume.ts";

/** One step that updates a copy of a tree. Paths have no slash at the start. */
export type TreeChange =
  /** Creates or replaces a file, also in the place of a directory. Bytes without a chunk are zeros. */
  | {
      readonly kind: "file";
      readonly path: string;
      readonly size: number;
      readonly chunks: readonly (readonly [index: number, bytes: Uint8Array<ArrayBuffer>])[];
    }
  | { readonly kind: "directory"; readonly path: string }
  /** Removes a file or a directory with its content, if it exists. */
  | { readonly kind: "removed"; readonly path: string };

/**
 * The maximum number of names in the targets of all symbolic links together, counted each time a link
 * is followed. 65,536 take about 10 ms, during which the page is blocked.
 */
export const MAX_NAMES_FOLLOWED = 65_536;

/** The files that a copy without symbolic links has in their place. */
export type LinkCopies = Map<ShadowLink, ShadowFile>;

/**
 * Returns the steps, in order, that update a copy of a volume which was complete before `touched` changed.
 *
 * The copy has files and directories only: a symbolic link to a file of the volume is a copy of that
 * file, other links are left out. A moved file is written again. The walk visits every name of the
 * volume, but reads content only where it changed.
 *
 * @param nodes The nodes of the volume now. They may not form a tree: see `FileShadow`.
 * @param copies The files that the copy has for links; updated.
 * @throws WasiError EFBIG when copies for links make the steps write more than `limits.fileBytes`, ELOOP
 * when following the links takes more than {@link MAX_NAMES_FOLLOWED} names
 */
export function treeChanges(
  nodes: ReadonlyMap<number, ShadowNode>,
  touched: ReadonlyMap<ShadowNode, ReadonlySet<Part>>,
  copies: LinkCopies,
  limits: Pick<Limits, "fileBytes" | "directoryDepth" | "linksFollowed">,
): TreeChange[] {
  const changes: TreeChange[] = [];
  let bytes = 0;
  const budget = { linksFollowed: limits.linksFollowed, namesLeft: MAX_NAMES_FOLLOWED };
  const copiesBefore = new Map(copies);
  copies.clear();
  /** The visited directory, last, and those around it. */
  const trail: ShadowDirectory[] = [];
  const seen = new Set<ShadowDirectory>();

  const visitDirectory = (
    directory: ShadowDirectory,
    prefix: string,
    state: "new" | "kept",
  ): void => {
    trail.push(directory);
    seen.add(directory);
    const changedNames = state === "new" ? undefined : touched.get(directory);
    for (const name of changedNames ?? []) {
      const isRemoved = !directory.entries.has(name as string);
      if (isRemoved) changes.push({ kind: "removed", path: prefix + name });
    }
    for (const [name, id] of directory.entries) {
      const node = nodes.get(id);
      if (node === undefined) continue;
      const isChanged = changedNames?.has(name) === true;
      visitEntry(node, prefix + name, isChanged ? "changed" : state);
    }
    trail.pop();
  };

  /** @param state Whether the copy lacks the name, has another node under it, or had this node before. */
  const visitEntry = (node: ShadowNode, path: string, state: "new" | "changed" | "kept"): void => {
    if (node.kind === "directory") {
      if (seen.has(node) || trail.length > limits.directoryDepth) return;
      if (state === "changed") changes.push({ kind: "removed", path });
      if (state !== "kept") changes.push({ kind: "directory", path });
      visitDirectory(node, `${path}/`, state === "kept" ? "kept" : "new");
      return;
    }
    const file = node.kind === "file" ? node : followLink(nodes, trail, node, budget);
    if (budget.namesLeft < 0) throw new WasiError(Errno.ELOOP, path);
    const copied = node.kind === "link" ? copiesBefore.get(node) : file;
    if (file === undefined) {
      const isInCopy = state === "changed" || (state === "kept" && copied !== undefined);
      if (isInCopy) changes.push({ kind: "removed", path });
      return;
    }
    if (node.kind === "link") copies.set(node, file);
    if (state !== "kept" || copied !== file || touched.has(file)) {
      bytes += file.size;
      if (bytes > limits.fileBytes) throw new WasiError(Errno.EFBIG, path);
      changes.push({ kind: "file", path, size: file.size, chunks: [...file.chunks] });
    }
  };

  const root = nodes.get(ROOT_NODE);
  if (root?.kind === "directory") visitDirectory(root, "", "kept");
  return changes;
}

/** How many links one lookup may follow, and how many names are left for all of them. */
interface LinkBudget {
  readonly linksFollowed: number;
  namesLeft: number;
}

/**
 * Returns the file that a link leads to; `undefined` when it leads to none, or out of the volume.
 *
 * @param trail The directories around the link, the root first.
 */
function followLink(
  nodes: ReadonlyMap<number, ShadowNode>,
  trail: readonly ShadowDirectory[],
  link: ShadowLink,
  budget: LinkBudget,
): ShadowFile | undefined {
  const directories = [...trail];
  /** The names left to walk, the next one last. */
  const names: string[] = [];
  const pushTarget = (target: string): void => {
    const targetNames = target.split("/");
    // Counted here, because splitting the target is what takes the time.
    budget.namesLeft -= targetNames.length;
    names.push(...targetNames.toReversed());
  };
  pushTarget(link.target);
  for (let links = 1; names.length > 0; ) {
    const name = names.pop() ?? "";
    if (budget.namesLeft < 0) return undefined;
    if (name === "..") directories.pop();
    const directory = directories.at(-1);
    if (directory === undefined) return undefined;
    if (name === "" || name === "." || name === "..") continue;
    const node = nodes.get(directory.entries.get(name) ?? 0);
    if (node?.kind === "link" && ++links <= budget.linksFollowed) pushTarget(node.target);
    else if (node?.kind === "directory") directories.push(node);
    else return node?.kind === "file" && names.length === 0 ? node : undefined;
  }
  return undefined;
}

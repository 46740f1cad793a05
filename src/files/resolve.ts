import type { Limits } from "../limits.ts";
import { Errno } from "./errno.ts";
import { FileType } from "./file-type.ts";
import type { DirectoryNode, Node } from "./node.ts";
import { utf8Length } from "./utf8.ts";
import { WasiError } from "./wasi-error.ts";

/** The limits that bound one lookup. */
export type PathLimits = Pick<Limits, "nameBytes" | "pathBytes" | "linksFollowed">;

/** Where a path leads. */
export interface Resolution {
  /** The directory that holds the last name of the path, or would hold it. */
  readonly directory: DirectoryNode;
  /** The last name; `undefined` when the path ends in `.` or `..` and so names no entry. */
  readonly name: string | undefined;
  /** What is there, if anything. */
  readonly node: Node | undefined;
  /** Whether the path ends in a slash, and so asks for a directory. */
  readonly trailingSlash: boolean;
}

const SLASH = 0x2f;

/**
 * Walks `path` from `base`, node by node: the one way from a path to a file, for guest and page.
 *
 * No walk leaves `base`: `..` does not rise above it, and neither a path nor a link's target may be
 * absolute. A link at the end is followed when `follow` is set, others always.
 *
 * @throws WasiError ENOENT (the path is empty, or a directory on the way is missing), ENOTDIR, EPERM
 * (the path would leave `base`), ELOOP, ENAMETOOLONG
 */
export function resolve(
  base: DirectoryNode,
  path: string,
  follow: boolean,
  limits: PathLimits,
): Resolution {
  let rest = relative(path);
  let at = 0;
  let directory = base;
  let links = 0;
  for (;;) {
    const slash = rest.indexOf("/", at);
    const end = slash === -1 ? rest.length : slash;
    const name = rest.slice(at, end);
    let next = end;
    while (rest.charCodeAt(next) === SLASH) next++;
    const isLast = next === rest.length;
    const trailingSlash = isLast && next > end;

    if (name === "." || name === "..") {
      if (name === "..") {
        if (directory === base) throw new WasiError(Errno.EPERM);
        directory = directory.parent;
      }
      if (isLast) return { directory, name: undefined, node: directory, trailingSlash };
      at = next;
      continue;
    }

    if (utf8Length(name, limits.nameBytes) > limits.nameBytes) {
      throw new WasiError(Errno.ENAMETOOLONG);
    }
    const node = directory.get(name);
    if (node === undefined) {
      if (!isLast) throw new WasiError(Errno.ENOENT);
      return { directory, name, node, trailingSlash };
    }
    if (node.type === FileType.SYMBOLIC_LINK && (!isLast || follow)) {
      if (++links > limits.linksFollowed) throw new WasiError(Errno.ELOOP);
      // With its slash: what a link with a slash behind it leads to has to be a directory.
      rest = relative(node.target) + rest.slice(end);
      at = 0;
      continue;
    }
    const isDirectory = node.type === FileType.DIRECTORY;
    if (isLast && (isDirectory || !trailingSlash)) return { directory, name, node, trailingSlash };
    if (!isDirectory) throw new WasiError(Errno.ENOTDIR);
    directory = node;
    at = next;
  }
}

/** `path`, when it has something in it and does not start at some root. */
function relative(path: string): string {
  if (path === "") throw new WasiError(Errno.ENOENT);
  if (path.charCodeAt(0) === SLASH) throw new WasiError(Errno.EPERM);
  return path;
}

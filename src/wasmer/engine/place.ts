import { Errno } from "../../files/errno.ts";
import { utf8Length } from "../../files/utf8.ts";
import { WasiError } from "../../files/wasi-error.ts";
import type { Limits } from "../../limits.ts";
import type { Link } from "./memfs.ts";

/** Where a path leads in a volume. */
export interface Place {
  /** The directory that holds the last name of the path, or would hold it. */
  readonly directory: Link;
  /** The last name; `undefined` when the path ends in `.` or `..` and so names no entry. */
  readonly name: string | undefined;
  /** What is there, if anything. */
  readonly link: Link | undefined;
  /** Whether the path ends in a slash, and so asks for a directory. */
  readonly trailingSlash: boolean;
}

const SLASH = 0x2f;

/**
 * Walks `path` from `base`, link by link, and never out of it: the one way from a path to a file.
 *
 * memfs has no such walk. It takes `..` out of a path before it looks at the volume, keeps targets
 * of symbolic links as absolute paths, and goes round a loop of them for ever.
 *
 * @throws WasiError ENOENT (the path is empty, or a directory on the way is missing), ENOTDIR, EPERM
 * (the path would leave `base`), ELOOP, ENAMETOOLONG
 */
export function findPlace(
  base: Link,
  path: string,
  follow: boolean,
  limits: Pick<Limits, "nameBytes" | "linksFollowed">,
): Place {
  if (!base.getNode().isDirectory()) throw new WasiError(Errno.ENOTDIR);
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
      if (isLast) return { directory, name: undefined, link: directory, trailingSlash };
      at = next;
      continue;
    }

    if (utf8Length(name, limits.nameBytes) > limits.nameBytes) {
      throw new WasiError(Errno.ENAMETOOLONG);
    }
    const link = directory.getChild(name);
    if (link === undefined) {
      if (!isLast) throw new WasiError(Errno.ENOENT);
      return { directory, name, link, trailingSlash };
    }
    const node = link.getNode();
    if (node.isSymlink() && (!isLast || follow)) {
      if (++links > limits.linksFollowed) throw new WasiError(Errno.ELOOP);
      // With its slash: what a link with a slash behind it leads to has to be a directory.
      rest = relative(targetOf(link)) + rest.slice(end);
      at = 0;
      continue;
    }
    const isDirectory = node.isDirectory();
    if (isLast && (isDirectory || !trailingSlash)) return { directory, name, link, trailingSlash };
    if (!isDirectory) throw new WasiError(Errno.ENOTDIR);
    directory = link;
    at = next;
  }
}

/** The target of a symbolic link, as it was written. memfs keeps it in parts. */
export function targetOf(link: Link): string {
  return link.getNode().symlink.join("/");
}

/** Whether `directory` is `ancestor` or somewhere in it. */
export function isWithin(directory: Link, ancestor: Link): boolean {
  let at: Link | null = directory;
  while (at !== null && at !== ancestor) at = at.parent;
  return at === ancestor;
}

/** `path`, when it has something in it and does not start at some root. */
function relative(path: string): string {
  if (path === "") throw new WasiError(Errno.ENOENT);
  if (path.charCodeAt(0) === SLASH) throw new WasiError(Errno.EPERM);
  return path;
}

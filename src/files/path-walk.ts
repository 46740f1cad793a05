import type { Limits } from "../limits.ts";
import { Errno } from "./errno.ts";
import type { Topology } from "./topology.ts";
import { utf8Length } from "./utf8.ts";
import { WasiError } from "./wasi-error.ts";

/** Where a path leads. */
export interface Place<Entry, Directory extends Entry> {
  /** The directory that holds the last name of the path, or would hold it. */
  readonly directory: Directory;
  /** The last name; `undefined` when the path ends in `.` or `..`, which name no entry. */
  readonly name: string | undefined;
  /** What the path leads to; `undefined` when nothing has that name yet. */
  readonly found: Entry | undefined;
  /** Whether the path ends in a slash, and so requires a directory. */
  readonly trailingSlash: boolean;
}

/** Whether a path whose last name is a symbolic link leads to the link's target or to the link itself. */
export type LastLink = "follow" | "nofollow";

/** The limits that bound one walk. */
export type WalkLimits = Pick<Limits, "nameBytes" | "linksFollowed">;

const SLASH = 0x2f;

/**
 * Walks `path` from `base`, entry by entry. Both engines resolve every path of the guest and of the
 * page with this function.
 *
 * No walk leaves `base`: `..` in `base` fails, and so does an absolute path or link target. Links
 * before the last name are always followed.
 *
 * @throws WasiError ENOENT (the path is empty, or a directory on the way is missing), ENOTDIR, EPERM
 * (the path would leave `base`), ELOOP, ENAMETOOLONG
 */
export function walkPath<Entry, Directory extends Entry>(
  topology: Topology<Entry, Directory>,
  base: Directory,
  path: string,
  lastLink: LastLink,
  limits: WalkLimits,
): Place<Entry, Directory> {
  let rest = relativePath(path);
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
        directory = topology.parentOf(directory);
      }
      if (isLast) return { directory, name: undefined, found: directory, trailingSlash };
      at = next;
      continue;
    }

    if (utf8Length(name, limits.nameBytes) > limits.nameBytes) {
      throw new WasiError(Errno.ENAMETOOLONG);
    }
    const found = topology.getChild(directory, name);
    if (found === undefined) {
      if (!isLast) throw new WasiError(Errno.ENOENT);
      return { directory, name, found, trailingSlash };
    }
    const target = isLast && lastLink === "nofollow" ? undefined : topology.targetOf(found);
    if (target !== undefined) {
      if (++links > limits.linksFollowed) throw new WasiError(Errno.ELOOP);
      // Keeps the slashes after the link, so that `link/` requires its target to be a directory.
      rest = relativePath(target) + rest.slice(end);
      at = 0;
      continue;
    }
    const isDirectory = topology.isDirectory(found);
    if (isLast && (isDirectory || !trailingSlash)) return { directory, name, found, trailingSlash };
    if (!isDirectory) throw new WasiError(Errno.ENOTDIR);
    directory = found;
    at = next;
  }
}

/** Returns `path`. @throws WasiError ENOENT (it is empty), EPERM (it is absolute) */
function relativePath(path: string): string {
  if (path === "") throw new WasiError(Errno.ENOENT);
  if (path.charCodeAt(0) === SLASH) throw new WasiError(Errno.EPERM);
  return path;
}

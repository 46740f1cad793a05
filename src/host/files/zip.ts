/** Trees of files as zip archives. */

import { type UnzipFileFilter, type Unzipped, unzipSync, type Zippable, zipSync } from "fflate";
import { PluginLimitError } from "../../errors.ts";
import type { FileSnapshot } from "../../files/file-tree.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import { InvalidValue } from "../../wording/invalid-value.ts";
import { limitError } from "../../wording/limit-error.ts";
import { emptyDirectory } from "../grants/file-tree.ts";

/** Packs a tree, empty directories included. */
export function zipTree(tree: FileSnapshot): Uint8Array<ArrayBuffer> {
  const entries: Zippable = Object.create(null) as Zippable;
  const add = (directory: FileSnapshot, prefix: string) => {
    for (const [name, content] of Object.entries(directory)) {
      const path = `${prefix}${name}`;
      if (content instanceof Uint8Array) {
        entries[path] = content;
      } else {
        entries[`${path}/`] = new Uint8Array();
        add(content, `${path}/`);
      }
    }
  };
  add(tree, "");
  return zipSync(entries);
}

/**
 * Unpacks an archive into a tree. Names are kept as they are; the file system refuses `..` and the like.
 *
 * @throws {PluginLimitError} when the sizes that the archive declares add up to more than `fileBytes`.
 *   No file becomes larger than declared.
 * @throws {TypeError} when the bytes are no zip archive.
 */
export function unzipTree(
  archive: Uint8Array,
  { pluginName, fileBytes }: { readonly pluginName: string; readonly fileBytes: number },
): FileSnapshot {
  let value = 0;
  const filter: UnzipFileFilter = ({ originalSize }) => {
    value += originalSize;
    if (value <= fileBytes) return true;
    throw limitError(pluginName, { limit: "fileBytes", value, allowed: fileBytes });
  };
  const tree = emptyDirectory();
  for (const [path, bytes] of Object.entries(unzip(archive, filter))) {
    const folders = path.split("/");
    // The name after the last slash: a directory has none.
    const name = folders.pop();
    const directory = directoryAt(tree, folders);
    if (name) directory[name] = bytes;
  }
  return tree;
}

function unzip(archive: Uint8Array, filter: UnzipFileFilter): Unzipped {
  try {
    return unzipSync(archive, { filter });
  } catch (cause) {
    if (cause instanceof PluginLimitError) throw cause;
    throw new InvalidValue(`Invalid archive: not a zip archive (${describeThrown(cause)})`, {
      cause,
    });
  }
}

/** The directory at a path in a tree, made where it is missing; it replaces a file of its name. */
function directoryAt(tree: FileSnapshot, path: readonly string[]): FileSnapshot {
  let directory = tree;
  for (const name of path) {
    const found = directory[name];
    const next = found === undefined || found instanceof Uint8Array ? emptyDirectory() : found;
    directory[name] = next;
    directory = next;
  }
  return directory;
}

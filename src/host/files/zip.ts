/** Trees of files as zip archives. */

import { type UnzipFileFilter, type Unzipped, unzipSync, type Zippable, zipSync } from "fflate";
import { PluginLimitError } from "../../errors.ts";
import type { FileTree } from "../../files/file-tree.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import { limitError } from "../../wording/limit-error.ts";
import { directoryIn, emptyTree } from "./file-source.ts";

/** Packs a tree, empty directories included. */
export function zipTree(tree: FileTree): Uint8Array {
  const entries: Zippable = Object.create(null) as Zippable;
  const add = (directory: FileTree, prefix: string) => {
    for (const [name, content] of Object.entries(directory)) {
      const path = `${prefix}${name}`;
      if (content instanceof Uint8Array) entries[path] = content;
      else if (typeof content === "string") entries[path] = new TextEncoder().encode(content);
      else {
        entries[`${path}/`] = new Uint8Array();
        add(content, `${path}/`);
      }
    }
  };
  add(tree, "");
  return zipSync(entries);
}

/**
 * Unpacks an archive into a tree. Names are taken as they are; the file system refuses `..` and the like.
 *
 * @throws {PluginLimitError} when the files, by the archive's own account, are more than `fileBytes`
 *   together. No file becomes larger than that account says.
 * @throws {TypeError} when the bytes are no zip archive.
 */
export function unzipTree(
  archive: Uint8Array,
  { pluginName, fileBytes }: { readonly pluginName: string; readonly fileBytes: number },
): FileTree {
  let value = 0;
  const filter: UnzipFileFilter = ({ originalSize }) => {
    value += originalSize;
    if (value <= fileBytes) return true;
    throw limitError(pluginName, { limit: "fileBytes", value, allowed: fileBytes });
  };
  const tree = emptyTree();
  for (const [path, bytes] of Object.entries(unzip(archive, filter))) {
    const folders = path.split("/");
    // The name after the last slash: a directory has none.
    const name = folders.pop();
    const directory = directoryIn(tree, folders);
    if (name) directory[name] = bytes;
  }
  return tree;
}

function unzip(archive: Uint8Array, filter: UnzipFileFilter): Unzipped {
  try {
    return unzipSync(archive, { filter });
  } catch (cause) {
    if (cause instanceof PluginLimitError) throw cause;
    const found = describeThrown(cause);
    throw new TypeError(`Cannot unpack archive: ${found}, expected a zip archive`, { cause });
  }
}

import { Errno } from "./errno.ts";
import { fileBytes } from "./file-bytes.ts";
import { MAX_COPY_BYTES } from "./file-node.ts";
import { FileType } from "./file-type.ts";
import type { DirectoryNode, Node } from "./node.ts";
import type { NodePlace, NodeTree } from "./node-tree.ts";
import { assertName } from "./page-path.ts";
import { WasiError } from "./wasi-error.ts";

/** A copy of files as plain data: a name leads to a file's bytes or to a directory. */
export interface FileSnapshot {
  [name: string]: Uint8Array<ArrayBuffer> | FileSnapshot;
}

/** Files to load, which may be text (stored as UTF-8) too. */
export interface PlainFiles {
  readonly [name: string]: string | Uint8Array | PlainFiles;
}

/** Replaces the content of the file at `at`. Creates the file if it is missing. @throws WasiError */
export function writeFile(tree: NodeTree, at: NodePlace, content: string | Uint8Array): void {
  const bytes = fileBytes(content);
  const file = at.found ?? tree.createFile(at);
  if (file.type !== FileType.REGULAR_FILE) throw new WasiError(Errno.EISDIR);
  file.volume.assertWritable();
  file.resize(bytes.length);
  file.write(0, bytes, 0, bytes.length);
  file.modified(tree.nowNs());
}

/**
 * Copies `source` into `directory`. Existing files are replaced; other files stay.
 *
 * @throws WasiError EINVAL (a name that is empty, `.` or `..`, or contains a slash or NUL), EILSEQ (a name
 * with a lone surrogate), EISDIR, ENOTDIR (a file in the place of a directory, or the reverse), EROFS,
 * or a limit
 * @throws TypeError for a value that is neither a file nor a directory.
 */
export function loadTree(tree: NodeTree, directory: DirectoryNode, source: PlainFiles): void {
  for (const [name, content] of Object.entries(source)) {
    assertName(name);
    const at = tree.find(directory, name, "follow");
    const inner = bytesOrTree(content);
    if (inner instanceof Uint8Array) {
      writeFile(tree, at, inner);
    } else {
      const node = at.found ?? tree.createDirectory(at);
      if (node.type !== FileType.DIRECTORY) throw new WasiError(Errno.ENOTDIR);
      loadTree(tree, node, inner);
    }
  }
}

/**
 * Returns the bytes of a file in a tree, or the tree of a directory in it.
 *
 * @throws TypeError for anything but a string, a `Uint8Array` or a plain object.
 */
export function bytesOrTree(content: unknown): Uint8Array | PlainFiles {
  // Other objects would look like empty directories.
  return isPlainObject(content) ? content : fileBytes(content);
}

function isPlainObject(value: unknown): value is PlainFiles {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/**
 * Copies everything in `base`. A symbolic link to a file in it becomes a copy of that file; other links
 * are left out. The objects have no prototype, because a file may be called `__proto__`.
 *
 * @throws WasiError EFBIG when copies for links make the result larger than `limits.fileBytes`, or
 * when it is larger than {@link MAX_COPY_BYTES}
 */
export function snapshotTree(tree: NodeTree, base: DirectoryNode): FileSnapshot {
  const maxBytes = Math.min(tree.limits.fileBytes, MAX_COPY_BYTES);
  let bytes = 0;
  const copy = (directory: DirectoryNode, path: string): FileSnapshot => {
    const files = Object.create(null) as FileSnapshot;
    for (const { name, node } of directory.entries()) {
      if (node.type === FileType.DIRECTORY) files[name] = copy(node, `${path}${name}/`);
      const file = node.type === FileType.SYMBOLIC_LINK ? target(`${path}${name}`) : node;
      if (file?.type !== FileType.REGULAR_FILE) continue;
      bytes += file.size;
      if (bytes > maxBytes) throw new WasiError(Errno.EFBIG);
      files[name] = file.toBytes();
    }
    return files;
  };
  const target = (path: string): Node | undefined => {
    try {
      return tree.find(base, path, "follow").found;
    } catch (error) {
      if (error instanceof WasiError) return undefined;
      throw error;
    }
  };
  return copy(base, "");
}

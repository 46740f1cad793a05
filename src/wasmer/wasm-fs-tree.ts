import { viewOf } from "../brands.ts";
import type { FileSnapshot } from "../files/file-tree.ts";
import { copyTree, type FileTree } from "../host/grants/file-tree.ts";
import { describeValue } from "../wording/describe-value.ts";

/** The metadata of a file in a {@link WasmFsLike}. */
interface WasmFsStat {
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

/** The part of a `WasmFs` of `@wasmer/wasmfs` that reads and writes files. */
export interface WasmFsLike {
  /** The functions of Node's `fs` that are called. */
  readonly fs: {
    lstatSync(path: string): WasmFsStat;
    readlinkSync(path: string): unknown;
    readdirSync(path: string): readonly unknown[];
    readFileSync(path: string): unknown;
    mkdirSync(path: string): unknown;
    writeFileSync(path: string, bytes: Uint8Array): void;
  };
}

/** The files that `@wasmer/wasmfs` adds to every volume for its streams. */
const DEVICES: ReadonlySet<string> = new Set(["/dev/stdin", "/dev/stdout", "/dev/stderr"]);

/** The maximum number of links to links. memfs itself never ends on a loop of links. */
const MAX_LINKS = 40;

/**
 * Returns a copy of the files of a `WasmFs` as plain data, for a plugin on either engine.
 *
 * A symbolic link to a file becomes a copy of that file. Other links are left out, and so are the streams
 * that every `WasmFs` has in `/dev`.
 *
 * @param path The directory to copy. Default: `/`.
 * @throws the error of its `fs` when `path` is not a directory.
 * @example
 * const plugin = await loadPlugin(url, { files: treeOfWasmFs(wasmFs) });
 */
export function treeOfWasmFs(wasmFs: WasmFsLike, path = "/"): FileSnapshot {
  const { fs } = wasmFs;
  const files = Object.create(null) as FileSnapshot;
  for (const name of fs.readdirSync(path).map(String)) {
    const at = `${path.replace(/\/+$/, "")}/${name}`;
    if (DEVICES.has(at)) continue;
    const stat = fs.lstatSync(at);
    if (stat.isDirectory()) {
      const within = treeOfWasmFs(wasmFs, at);
      if (at !== "/dev" || Object.keys(within).length > 0) files[name] = within;
      continue;
    }
    const file = stat.isSymbolicLink() ? linkedFile(fs, at) : at;
    if (file !== undefined) files[name] = bytesOf(fs.readFileSync(file), file);
  }
  return files;
}

/**
 * Copies files into a `WasmFs`. Existing files are replaced; other files stay.
 *
 * @param files A tree such as the option `files` takes, or `plugin.files.snapshot()` returns. It must not
 *   contain a `Blob`, which can't be read at once.
 * @param path The directory to copy them into, which is created if it is missing. Default: `/`.
 * @returns `wasmFs`.
 * @throws {TypeError} for an invalid name, for `__proto__`, which a `WasmFs` can't hold, and for a value that
 *   is neither a file nor a directory.
 * @throws the error of its `fs` when a file is in the place of a directory.
 * @example
 * const wasmFs = loadWasmFs(new WasmFs(), await plugin.files.snapshot());
 */
export function loadWasmFs<T extends WasmFsLike>(wasmFs: T, files: FileTree, path = "/"): T {
  const { tree, blobs } = copyTree(files, "files");
  const [blob] = blobs;
  if (blob !== undefined) throw new TypeError(`Invalid ${blob.place}: Blob (pass its bytes)`);
  loadTree(wasmFs.fs, tree, path);
  return wasmFs;
}

function loadTree(fs: WasmFsLike["fs"], tree: FileSnapshot, path: string): void {
  makeDirectories(fs, path);
  for (const [name, content] of Object.entries(tree)) {
    assertName(name);
    const at = `${path.replace(/\/+$/, "")}/${name}`;
    if (content instanceof Uint8Array) fs.writeFileSync(at, content);
    else loadTree(fs, content, at);
  }
}

/** Returns the path of the file that a link leads to. memfs stores targets as absolute paths. */
function linkedFile(fs: WasmFsLike["fs"], link: string): string | undefined {
  let at = link;
  try {
    for (let links = 0; links <= MAX_LINKS; links++) {
      const stat = fs.lstatSync(at);
      if (stat.isFile()) return at;
      if (!stat.isSymbolicLink()) return undefined;
      at = String(fs.readlinkSync(at));
    }
  } catch {
    // The link leads to nothing.
  }
  return undefined;
}

/** Returns a copy as a plain `Uint8Array`; memfs returns a `Buffer`. */
function bytesOf(content: unknown, path: string): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(content)) return viewOf(content as Uint8Array<ArrayBuffer>).slice();
  throw new TypeError(`Cannot copy ${JSON.stringify(path)}: not bytes (${describeValue(content)})`);
}

function makeDirectories(fs: WasmFsLike["fs"], path: string): void {
  let made = "";
  for (const name of path.split("/")) {
    if (name === "") continue;
    assertName(name);
    made += `/${name}`;
    if (!isDirectory(fs, made)) fs.mkdirSync(made);
  }
}

function isDirectory(fs: WasmFsLike["fs"], path: string): boolean {
  try {
    return fs.lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** @throws TypeError for names that memfs resolves (`..`) or loses (`__proto__`). */
function assertName(name: string): void {
  const refused = ["", ".", "..", "__proto__"];
  if (!refused.includes(name) && !/[/\0]/.test(name)) return;
  throw new TypeError(
    `Cannot copy file ${JSON.stringify(name)} into a WasmFs: not a valid file name in memfs`,
  );
}

import type { FileSnapshot, PlainFiles } from "../files/file-tree.ts";

/** What is known of a name in a {@link WasmFsLike}. */
interface WasmFsStat {
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

/** A `WasmFs` of `@wasmer/wasmfs`, as far as files are concerned. */
export interface WasmFsLike {
  readonly fs: {
    lstatSync(path: string): WasmFsStat;
    readlinkSync(path: string): unknown;
    readdirSync(path: string): readonly unknown[];
    readFileSync(path: string): unknown;
    mkdirSync(path: string): unknown;
    writeFileSync(path: string, bytes: Uint8Array): void;
  };
}

/** Files that `@wasmer/wasmfs` puts into every volume for its streams. */
const DEVICES: ReadonlySet<string> = new Set(["/dev/stdin", "/dev/stdout", "/dev/stderr"]);

/** Links to links that are followed; memfs itself goes round a loop for ever. */
const MAX_LINKS = 40;

/**
 * The files of a `WasmFs` as plain data, for a plugin on either engine to be given.
 *
 * All bytes are copies. A link to a file becomes that file and other links are left out, and so are
 * the streams that every `WasmFs` has in `/dev`.
 *
 * @param path The directory in it that is to be the tree. Default: all of it.
 * @throws what its `fs` throws when `path` is no directory.
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
 * Copies files into a `WasmFs`, over those that are there; what is not among them stays.
 *
 * @param files A tree, such as `plugin.files.snapshot()` of a plugin on either engine gives.
 * @param path The directory in it that they go to, made if it is missing. Default: its root.
 * @returns `wasmFs`.
 * @throws {TypeError} when a name can't be one in a `WasmFs`, such as `..` or `__proto__`.
 * @throws what its `fs` throws, when a file is where a directory should be for one.
 * @example
 * const wasmFs = loadWasmFs(new WasmFs(), await plugin.files.snapshot());
 */
export function loadWasmFs<T extends WasmFsLike>(wasmFs: T, files: PlainFiles, path = "/"): T {
  const { fs } = wasmFs;
  makeDirectories(fs, path);
  for (const [name, content] of Object.entries(files)) {
    assertName(name);
    const at = `${path.replace(/\/+$/, "")}/${name}`;
    if (typeof content === "string") fs.writeFileSync(at, new TextEncoder().encode(content));
    else if (content instanceof Uint8Array) fs.writeFileSync(at, content);
    else loadWasmFs(wasmFs, content, at);
  }
  return wasmFs;
}

/** The file that a link leads to. memfs keeps targets as absolute paths. */
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
    // It leads to nothing.
  }
  return undefined;
}

/** A copy, and not the `Buffer` that memfs gives. */
function bytesOf(content: unknown, path: string): Uint8Array {
  if (content instanceof Uint8Array) return new Uint8Array(content);
  throw new TypeError(`Cannot copy "${path}": found ${typeof content}, expected bytes`);
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

/** memfs would take `..` for the directory above, and lose what is called `__proto__`. */
function assertName(name: string): void {
  const refused = ["", ".", "..", "__proto__"];
  if (!refused.includes(name) && !/[/\0]/.test(name)) return;
  throw new TypeError(
    `Cannot put file ${JSON.stringify(name)} into a WasmFs: found no name that memfs can keep, expected one`,
  );
}

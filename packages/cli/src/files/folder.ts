/** Folders of the machine that a plugin gets copies of. */

import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FileSnapshot } from "cloche";
import { Failure, messageOf, usageFailure } from "../failure.ts";

/** A folder, and the directory of the plugin that has its files. */
export interface Folder {
  readonly path: string;
  /** The names on the way to the directory; none for `/`. */
  readonly target: readonly string[];
  /** Its files as they were read, by path. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** Reads `folder` or `folder::/directory`. Links are left out: they may lead out of the folder. */
export function readFolder(given: string): Folder {
  const [path = "", directory = "/"] = given.split("::");
  const target = directory.split("/").filter((name) => name !== "");
  if (path === "" || target.some((name) => name === "." || name === "..")) {
    throw usageFailure(`Invalid --dir "${given}" (must be <folder> or <folder>::</directory>)`);
  }
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  try {
    readInto(files, path, "");
  } catch (error) {
    throw new Failure(`Cannot read "${path}": ${messageOf(error)}`);
  }
  return { path, target, files };
}

function readInto(files: Map<string, Uint8Array<ArrayBuffer>>, path: string, prefix: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const at = join(path, entry.name);
    if (entry.isDirectory()) readInto(files, at, `${prefix}${entry.name}/`);
    else if (entry.isFile()) files.set(prefix + entry.name, new Uint8Array(readFileSync(at)));
  }
}

/** The files of folders as one tree for a plugin. Of two files at one path the later one counts. */
export function treeOf(folders: readonly Folder[]): FileSnapshot {
  const tree = emptyDirectory();
  for (const { target, files } of folders) {
    const directory = target.reduce(directoryIn, tree);
    for (const [path, bytes] of files) {
      const names = path.split("/");
      const name = names.pop() ?? "";
      names.reduce(directoryIn, directory)[name] = bytes;
    }
  }
  return tree;
}

function emptyDirectory(): FileSnapshot {
  return Object.create(null) as FileSnapshot;
}

function directoryIn(above: FileSnapshot, name: string): FileSnapshot {
  const found = above[name];
  if (found !== undefined && !(found instanceof Uint8Array)) return found;
  const made = emptyDirectory();
  above[name] = made;
  return made;
}

/**
 * Writes what a plugin changed back into a folder: new and changed files, and removes those that it removed.
 *
 * @param snapshot All files of the plugin. Its names are not trusted.
 * @throws {Failure} for a name that the machine would read as a path, and where a link stands in the way.
 */
export function writeFolder({ path, target, files }: Folder, snapshot: FileSnapshot): void {
  let directory: FileSnapshot | Uint8Array | undefined = snapshot;
  for (const name of target) {
    directory = directory instanceof Uint8Array ? undefined : directory?.[name];
  }
  const after = new Map<string, Uint8Array>();
  if (directory !== undefined && !(directory instanceof Uint8Array)) collect(directory, "", after);
  for (const name of files.keys()) {
    if (!after.has(name)) remove(path, name);
  }
  for (const [name, bytes] of after) {
    const before = files.get(name);
    if (before === undefined || Buffer.compare(before, bytes) !== 0) write(path, name, bytes);
  }
}

function collect(directory: FileSnapshot, prefix: string, into: Map<string, Uint8Array>): void {
  for (const [name, content] of Object.entries(directory)) {
    if (/[/\\\0:]/.test(name) || name === "." || name === ".." || name === "") {
      throw new Failure(`Cannot write "${prefix}${name}" back: it is no plain file name`);
    }
    if (content instanceof Uint8Array) into.set(prefix + name, content);
    else collect(content, `${prefix}${name}/`, into);
  }
}

function write(folder: string, name: string, bytes: Uint8Array): void {
  const at = placeOf(folder, name);
  try {
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, bytes);
  } catch (error) {
    throw new Failure(`Cannot write "${at}": ${messageOf(error)}`);
  }
}

function remove(folder: string, name: string): void {
  rmSync(placeOf(folder, name), { force: true });
}

/** A place below the folder that no link on the way leads out of it. */
function placeOf(folder: string, name: string): string {
  let at = folder;
  for (const part of name.split("/")) {
    at = join(at, part);
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new Failure(`Cannot write "${at}" back: it is a link`);
    }
  }
  return at;
}

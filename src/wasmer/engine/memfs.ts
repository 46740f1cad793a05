/** The types of memfs that `@wasmer/wasmfs` exposes. A memfs volume is a tree of links, each with a node. */

import type { WasmFs } from "@wasmer/wasmfs";
import { FileType } from "../../files/file-type.ts";

type MemfsVolume = WasmFs["volume"];

/** A name in a directory, or the root. The link of a directory also holds the links in it. */
export type Link = MemfsVolume["root"];

/** A file, directory or symbolic link. */
export type Node = Link["node"];

/** An open file or directory, with its position. */
export type OpenFile = MemfsVolume["fds"][number];

/** Members that are private in memfs's types, but needed by a path walk outside of memfs. */
interface Internals {
  openLink(link: Link, flags: number, resolveSymlinks: boolean): OpenFile;
  deleteNode(node: Node): void;
}

/** A volume with its private members. */
export type Volume = Omit<MemfsVolume, keyof Internals> & Internals;

/** Returns the volume of a `WasmFs`. */
export function volumeOf(wasmFs: WasmFs): Volume {
  return wasmFs.volume as unknown as Volume;
}

/** The metadata of a node, as `@wasmer/wasi` reads it. */
export type Stats = ReturnType<MemfsVolume["fstatSync"]>;

/** Returns the metadata of a node. */
export function statsOf(wasmFs: WasmFs, node: Node): Stats {
  const { Stats } = wasmFs.fs as unknown as { Stats: { build(node: Node): Stats } };
  return Stats.build(node);
}

/** Returns the entries of a directory: names that are integers first, then oldest first. */
export function childrenOf(directory: Link): Link[] {
  return Object.values(directory.children).filter((link) => link !== undefined);
}

/** Returns the target of a symbolic link as the guest wrote it. memfs stores its parts. */
export function targetOf(node: Node): string {
  return node.symlink.join("/");
}

/** Returns the type of a node for the guest. */
export function fileTypeOf(node: Node): (typeof FileType)[keyof typeof FileType] {
  if (node.isDirectory()) return FileType.DIRECTORY;
  return node.isSymlink() ? FileType.SYMBOLIC_LINK : FileType.REGULAR_FILE;
}

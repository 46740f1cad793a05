/** memfs, as far as `@wasmer/wasmfs` shows it. Its volumes are trees of links, each leading to a node. */

import type { WasmFs } from "@wasmer/wasmfs";
import { FileType } from "../../files/file-type.ts";

type MemfsVolume = WasmFs["volume"];

/** A name in a directory, or the root. Of a directory, it has the names within. */
export type Link = MemfsVolume["root"];

/** A file, directory or symbolic link. */
export type Node = Link["node"];

/** An open file or directory, with the position that it is read and written at. */
export type OpenFile = MemfsVolume["fds"][number];

/** What memfs calls private in its types, although whoever takes a path apart himself needs it. */
interface Internals {
  openLink(link: Link, flags: number, resolveSymlinks: boolean): OpenFile;
  deleteNode(node: Node): void;
}

/** A volume, with what it hides. */
export type Volume = Omit<MemfsVolume, keyof Internals> & Internals;

/** The volume of a `WasmFs`. */
export function volumeOf(wasmFs: WasmFs): Volume {
  return wasmFs.volume as unknown as Volume;
}

/** What the pair wants to know of a node. */
export type Stats = ReturnType<MemfsVolume["fstatSync"]>;

/** See {@link Stats}. */
export function statsOf(wasmFs: WasmFs, node: Node): Stats {
  const { Stats } = wasmFs.fs as unknown as { Stats: { build(node: Node): Stats } };
  return Stats.build(node);
}

/** The target of a symbolic link, as the guest wrote it: memfs stores its parts. */
export function targetOf(node: Node): string {
  return node.symlink.join("/");
}

/** What the guest is told that a node is. */
export function fileTypeOf(node: Node): (typeof FileType)[keyof typeof FileType] {
  if (node.isDirectory()) return FileType.DIRECTORY;
  return node.isSymlink() ? FileType.SYMBOLIC_LINK : FileType.REGULAR_FILE;
}

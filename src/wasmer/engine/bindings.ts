import type { WASIBindings } from "@wasmer/wasi";
import type { WasmFs } from "@wasmer/wasmfs";
import type { Clock } from "../../files/clock.ts";
import { Errno } from "../../files/errno.ts";
import type { LastLink } from "../../files/path-walk.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { WasiExit } from "../../wasi/wasi-exit.ts";
import { type Link, type Node, type Stats, statsOf, targetOf } from "./memfs.ts";
import type { LinkPlace, WasmVolume } from "./wasm-volume.ts";

/** A path from the guest, and the directory that it starts from. */
interface GuestPath {
  readonly base: Link;
  readonly path: string;
}

/** What the pair passes around as a path, without reading it. A path that was resolved is a link. */
type Path = GuestPath | Link;

/** How the current call treats a symbolic link as the last name of a path. */
export interface Lookup {
  lastLink: LastLink;
}

/** The number of memfs's own streams. The guest's stdin, stdout and stderr never reach them. */
const STREAMS = 3;

const FLAGS = { O_ACCMODE: 0o3, O_CREAT: 0o100, O_EXCL: 0o200, O_DIRECTORY: 0o200000 };

/**
 * Creates the bindings of `@wasmer/wasi`, which give it the volume and nothing of Node or the browser.
 *
 * The pair uses two functions of Node's `path`: `resolve` a path from a directory, and `relative` to check
 * that the result is within it. Neither is safe on text, where symbolic links are invisible. So paths are
 * opaque here: `resolve` only combines the directory and the text, and the volume walks the text from the
 * directory, never out of it.
 *
 * @param lookup Set before each call, because the pair does not pass on the guest's lookup flags.
 */
export function createBindings(
  volume: WasmVolume,
  wasmFs: WasmFs,
  clock: Clock,
  lookup: Readonly<Lookup>,
): WASIBindings {
  const { contents } = volume;
  const find = (path: Path, lastLink: LastLink): LinkPlace =>
    "base" in path ? volume.find(path.base, path.path, lastLink) : placeOf(path);
  const existing = (path: Path): Link => volume.existing(find(path, lookup.lastLink));

  const fs = {
    constants: wasmFs.fs.constants,

    openSync(path: Path, flags = 0): number {
      const place = find(path, lookup.lastLink);
      const isNew = (flags & FLAGS.O_CREAT) !== 0 && place.found === undefined;
      if (isNew && (flags & FLAGS.O_DIRECTORY) !== 0) throw new WasiError(Errno.EINVAL);
      const mustBeNew = (flags & FLAGS.O_EXCL) !== 0 && !isNew;
      if (mustBeNew && (flags & FLAGS.O_CREAT) !== 0) throw new WasiError(Errno.EEXIST);
      const link = isNew ? volume.createFile(place) : volume.existing(place);
      // The pair opens a directory for writing when the guest requests rights such as FD_DATASYNC.
      const isDirectory = (flags & FLAGS.O_DIRECTORY) !== 0 && link.getNode().isDirectory();
      return contents.open(link, isDirectory ? flags & ~FLAGS.O_ACCMODE : flags).fd;
    },
    closeSync(fd: number): void {
      if (fd >= STREAMS) contents.close(contents.opened(fd));
    },
    readSync(
      fd: number,
      bytes: Uint8Array,
      start: number,
      length: number,
      position: number | null,
    ) {
      const file = contents.opened(fd);
      return contents.read(file, bytes.subarray(start, start + length), position ?? file.position);
    },
    writeSync(
      fd: number,
      bytes: Uint8Array,
      start: number,
      length: number,
      position: number | null,
    ) {
      const file = contents.opened(fd);
      return contents.write(file, bytes.subarray(start, start + length), position ?? file.position);
    },
    ftruncateSync: (fd: number, size: number): void => contents.resize(contents.opened(fd), size),
    fsyncSync: (fd: number): void => void contents.opened(fd),
    fdatasyncSync: (fd: number): void => void contents.opened(fd),

    fstatSync: (fd: number): Stats => statsOf(wasmFs, contents.opened(fd).node),
    statSync: (path: Path): Stats => statsOf(wasmFs, existing(path).getNode()),
    futimesSync(fd: number, accessed: Date, modified: Date): void {
      setTimes(contents.opened(fd).node, accessed, modified);
    },
    utimesSync(path: Path, accessed: Date, modified: Date): void {
      setTimes(existing(path).getNode(), accessed, modified);
    },

    realpathSync(path: Path): Link {
      const link = existing(path);
      if (link.getNode().isSymlink()) throw new WasiError(Errno.ELOOP);
      return link;
    },
    mkdirSync: (path: Path): void => void volume.createDirectory(find(path, "nofollow")),
    rmdirSync: (path: Path): void => volume.removeDirectory(find(path, "nofollow")),
    unlinkSync: (path: Path): void => volume.unlink(find(path, "nofollow")),
    linkSync: (from: Path, to: Path): void =>
      volume.link(find(from, lookup.lastLink), find(to, "nofollow")),
    renameSync: (from: Path, to: Path): void =>
      volume.rename(find(from, "nofollow"), find(to, "nofollow")),
    symlinkSync: (target: string, path: Path): void =>
      volume.createSymbolicLink(target, find(path, "nofollow")),
    readlinkSync(path: Path): string {
      const link = volume.existing(find(path, "nofollow"));
      if (!link.getNode().isSymlink()) throw new WasiError(Errno.EINVAL);
      return targetOf(link.getNode());
    },
  };

  return {
    fs,
    path: {
      resolve(base: Path, path: string): GuestPath {
        // The pair keeps the path of a file that it created, and a file is no directory.
        if ("base" in base) throw new WasiError(Errno.ENOTDIR);
        return { base, path };
      },
      /** An empty string is within the directory, to the pair. */
      relative: () => "",
    },
    isTTY: () => true,
    // Unused: `wasmer-engine.ts` replaces the calls that need these.
    hrtime: () => clock.monotonicNs(),
    exit: (exitCode) => {
      throw new WasiExit(exitCode);
    },
    kill: () => {
      throw new WasiError(Errno.ENOSYS);
    },
    randomFillSync: () => {
      throw new WasiError(Errno.ENOSYS);
    },
  };
}

function setTimes(node: Node, accessed: Date, modified: Date): void {
  const isInvalid = [accessed, modified].some((time) => Number.isNaN(time.getTime()));
  if (isInvalid) throw new WasiError(Errno.EINVAL);
  node.atime = accessed;
  node.mtime = modified;
  // memfs emits no event for this by itself.
  node.emit("change", node);
}

/** Returns the place of a link. */
function placeOf(link: Link): LinkPlace {
  return { directory: link.parent, name: link.getName(), found: link, trailingSlash: false };
}

import type { WASIBindings } from "@wasmer/wasi";
import type { WasmFs } from "@wasmer/wasmfs";
import type { Clock } from "../../files/clock.ts";
import { Errno } from "../../files/errno.ts";
import type { LastLink } from "../../files/path-walk.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { WasiExit } from "../../wasi/wasi-exit.ts";
import { type Link, type Node, type Stats, statsOf, targetOf } from "./memfs.ts";
import type { LinkPlace, WasmVolume } from "./wasm-volume.ts";

/** A path of the guest's, and the directory that it starts from. */
interface GuestPath {
  readonly base: Link;
  readonly path: string;
}

/** What stands for a path: to the pair it is opaque. What was found is a link, and stays found. */
type Path = GuestPath | Link;

/** Whether a symbolic link at the end of a path is followed, in the call that is being made. */
export interface Lookup {
  lastLink: LastLink;
}

/** Numbers of the volume's own stdin, stdout and stderr. What the guest does with those never comes here. */
const STREAMS = 3;

const FLAGS = { O_ACCMODE: 0o3, O_CREAT: 0o100, O_EXCL: 0o200, O_DIRECTORY: 0o200000 };

/**
 * What `@wasmer/wasi` stands on: the volume, and nothing of Node or of the browser.
 *
 * It asks for two things of Node's `path`: where a path leads from a directory, and whether that is
 * within it. By text, as it does it, neither can be told. So paths are no text here: `resolve` only
 * puts the two together, and the volume walks from the one along the other, never out of it.
 *
 * @param lookup Which the pair does not tell: it follows links at the end in some calls, in others not.
 */
export function createBindings(
  volume: WasmVolume,
  wasmFs: WasmFs,
  clock: Clock,
  lookup: Readonly<Lookup>,
): WASIBindings {
  const find = (path: Path, lastLink: LastLink): LinkPlace =>
    "base" in path ? volume.find(path.base, path.path, lastLink) : placeOf(path);
  const existing = (path: Path): Link => volume.existing(find(path, lookup.lastLink));

  const fs = {
    constants: wasmFs.fs.constants,

    openSync(path: Path, flags = 0): number {
      const place = find(path, lookup.lastLink);
      const isNew = (flags & FLAGS.O_CREAT) !== 0 && place.found === undefined;
      if (isNew && (flags & FLAGS.O_DIRECTORY) !== 0) throw new WasiError(Errno.EINVAL);
      const isTaken = (flags & FLAGS.O_EXCL) !== 0 && !isNew;
      if (isTaken && (flags & FLAGS.O_CREAT) !== 0) throw new WasiError(Errno.EEXIST);
      const link = isNew ? volume.createFile(place) : volume.existing(place);
      // Rights such as FD_DATASYNC, which a directory may have, are a wish to write to the pair.
      const isDirectory = (flags & FLAGS.O_DIRECTORY) !== 0 && link.getNode().isDirectory();
      return volume.open(link, isDirectory ? flags & ~FLAGS.O_ACCMODE : flags).fd;
    },
    closeSync(fd: number): void {
      if (fd >= STREAMS) volume.close(volume.opened(fd));
    },
    readSync(
      fd: number,
      bytes: Uint8Array,
      start: number,
      length: number,
      position: number | null,
    ) {
      const file = volume.opened(fd);
      return volume.read(file, bytes.subarray(start, start + length), position ?? file.position);
    },
    writeSync(
      fd: number,
      bytes: Uint8Array,
      start: number,
      length: number,
      position: number | null,
    ) {
      const file = volume.opened(fd);
      return volume.write(file, bytes.subarray(start, start + length), position ?? file.position);
    },
    ftruncateSync: (fd: number, size: number): void => volume.resize(volume.opened(fd), size),
    fsyncSync: (fd: number): void => void volume.opened(fd),
    fdatasyncSync: (fd: number): void => void volume.opened(fd),

    fstatSync: (fd: number): Stats => statsOf(wasmFs, volume.opened(fd).node),
    statSync: (path: Path): Stats => statsOf(wasmFs, existing(path).getNode()),
    futimesSync(fd: number, accessed: Date, modified: Date): void {
      setTimes(volume.opened(fd).node, accessed, modified);
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
        // A file that was not there before it was opened is known by its path; it is no directory.
        if ("base" in base) throw new WasiError(Errno.ENOTDIR);
        return { base, path };
      },
      /** What the pair takes for "within". */
      relative: () => "",
    },
    isTTY: () => true,
    // The calls that use these are not the pair's here; see `wasmer-engine.ts`.
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
  // Of this memfs does not tell by itself.
  node.emit("change", node);
}

/** Where something that was found is. */
function placeOf(link: Link): LinkPlace {
  return { directory: link.parent, name: link.getName(), found: link, trailingSlash: false };
}

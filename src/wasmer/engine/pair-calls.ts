import type { WASI } from "@wasmer/wasi";
import { Errno } from "../../files/errno.ts";
import { isStackOverflow } from "../../files/stack-overflow.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { FILESTAT_BYTES, writeStreamStat } from "../../wasi/calls/attributes.ts";
import { writeDescriptorStat } from "../../wasi/calls/descriptors.ts";
import { readStream, writeStream } from "../../wasi/calls/stream-transfer.ts";
import type { StreamDescriptor } from "../../wasi/descriptor.ts";
import { DirentBuffer } from "../../wasi/dirent-buffer.ts";
import { LookupFlags } from "../../wasi/flags.ts";
import type { GuestMemory } from "../../wasi/guest-memory.ts";
import { PREVIEW1_SIGNATURES } from "../../wasi/preview1-signatures.ts";
import { Rights } from "../../wasi/rights.ts";
import { type SystemCall, type SystemCalls, sizeOf } from "../../wasi/system-call.ts";
import type { Lookup } from "./bindings.ts";
import { fileTypeOf, type Link, type OpenFile } from "./memfs.ts";
import type { WasmVolume } from "./wasm-volume.ts";

/** The positions of pointers to paths in the arguments of a call. Each length comes after its pointer. */
const PATH_POINTERS: Readonly<Record<string, readonly number[]>> = {
  path_create_directory: [1],
  path_filestat_get: [2],
  path_filestat_set_times: [2],
  path_link: [2, 5],
  path_open: [2],
  path_readlink: [1],
  path_remove_directory: [1],
  path_rename: [1, 4],
  path_symlink: [0, 3],
  path_unlink_file: [1],
};

/** The calls whose second argument has lookup flags. */
const LOOKUPS: ReadonlySet<string> = new Set([
  "path_filestat_get",
  "path_filestat_set_times",
  "path_link",
  "path_open",
]);

const Whence = { SET: 0, CURRENT: 1, END: 2 } as const;

/** A descriptor of the pair. */
type Entry = WASI["FD_MAP"] extends Map<number, infer E> ? E : never;

/** What the calls of one instance share. */
export interface PairContext {
  readonly wasi: WASI;
  readonly memory: GuestMemory;
  readonly volume: WasmVolume;
  /** Stdin, stdout and stderr. */
  readonly streams: readonly StreamDescriptor[];
  /** Tells the bindings what the pair does not pass on. */
  readonly lookup: Lookup;
}

/** Returns the pair's descriptor `fd`. @throws WasiError EBADF */
export function entryOf({ wasi }: PairContext, fd: number): Entry {
  const entry = wasi.FD_MAP.get(fd);
  if (entry === undefined) throw new WasiError(Errno.EBADF);
  return entry;
}

/**
 * Wraps the calls of `@wasmer/wasi` on files and descriptors for a guest: checks paths and buffers first,
 * and turns every failure into a `WasiError`. Calls of the pair that damage the guest's memory or data
 * are replaced, with the reason at each.
 */
export function pairCalls(context: PairContext): SystemCalls {
  const { memory, volume, streams } = context;
  const pair = Object.fromEntries(
    [...PREVIEW1_SIGNATURES.keys()].map((name) => [name, pairCall(context, name)]),
  ) as Record<string, (...args: (number | bigint)[]) => void>;

  const streamOf = (fd: number): StreamDescriptor | undefined => streams[entryOf(context, fd).real];
  const fileOf = (fd: number): [Entry, OpenFile] => {
    const entry = entryOf(context, fd);
    if (streams[entry.real] !== undefined) throw new WasiError(Errno.ESPIPE);
    return [entry, volume.contents.opened(entry.real)];
  };

  /**
   * Calls a function of the pair that moves the position. The pair has two positions for a descriptor, its
   * own and memfs's, and some calls use only one, so a read after a write would start at the wrong place.
   */
  const atPosition = (name: string, fd: number, ...args: (number | bigint)[]): void => {
    const [entry, file] = fileOf(fd);
    entry.offset = BigInt(file.position);
    pair[name]?.(fd, ...args);
    if (name === "fd_seek") file.position = Number(entry.offset);
  };

  /** Reads or writes at an offset and restores the position, which the pair would advance twice. */
  const atOffset = (name: string, fd: number, offset: bigint, args: number[]): void => {
    const [, file] = fileOf(fd);
    const { position } = file;
    file.position = sizeOf(offset);
    try {
      atPosition(name, fd, ...args);
    } finally {
      file.position = position;
    }
  };

  return {
    ...pair,

    fd_read(fd: number, buffers: number, count: number, result: number): void | Promise<void> {
      memory.loadBuffers(buffers, count);
      memory.range(result, 4);
      const stream = streamOf(fd);
      if (stream !== undefined) return readStream(memory, stream, buffers, count, result);
      atPosition("fd_read", fd, buffers, count, result);
    },

    fd_write(fd: number, buffers: number, count: number, result: number) {
      memory.loadBuffers(buffers, count);
      memory.range(result, 4);
      const stream = streamOf(fd);
      if (stream === undefined) atPosition("fd_write", fd, buffers, count, result);
      else memory.setU32(result, writeStream(memory, stream, buffers, count));
    },

    fd_fdstat_get(fd: number, result: number) {
      const stream = streamOf(fd);
      if (stream === undefined) pair["fd_fdstat_get"]?.(fd, result);
      else writeDescriptorStat(memory, result, stream);
    },

    fd_filestat_get(fd: number, result: number) {
      const stream = streamOf(fd);
      if (stream === undefined) return pair["fd_filestat_get"]?.(fd, result);
      memory.range(result, FILESTAT_BYTES);
      writeStreamStat(memory, result, fd, stream);
    },

    fd_pread(fd: number, buffers: number, count: number, offset: bigint, result: number) {
      memory.loadBuffers(buffers, count);
      atOffset("fd_read", fd, offset, [buffers, count, result]);
    },

    fd_pwrite(fd: number, buffers: number, count: number, offset: bigint, result: number) {
      memory.loadBuffers(buffers, count);
      atOffset("fd_write", fd, offset, [buffers, count, result]);
    },

    fd_seek(fd: number, offset: bigint, whence: number, result: number) {
      const [, file] = fileOf(fd);
      if (whence > Whence.END) throw new WasiError(Errno.EINVAL);
      const start = {
        [Whence.SET]: 0,
        [Whence.CURRENT]: file.position,
        [Whence.END]: file.getSize(),
      };
      // The pair accepts positions before the start, and beyond the range of a signed offset.
      sizeOf(BigInt.asIntN(64, BigInt(start[whence as 0 | 1 | 2]) + offset));
      atPosition("fd_seek", fd, offset, whence, result);
    },

    fd_tell(fd: number, result: number) {
      atPosition("fd_tell", fd, result);
    },

    /**
     * The pair writes past the end of the buffer, reports a full buffer as the end of the listing, and
     * skips as many names as were removed since the last call.
     */
    fd_readdir(fd: number, pointer: number, length: number, cookie: bigint, result: number) {
      const entry = entryOf(context, fd);
      memory.range(pointer, length);
      memory.range(result, 4);
      if ((entry.rights.base & BigInt(Rights.FD_READDIR)) === 0n) throw new WasiError(Errno.EPERM);
      const link = entry.path as Link | undefined;
      if (!link?.getNode().isDirectory()) throw new WasiError(Errno.ENOTDIR);

      const buffer = new DirentBuffer(memory, pointer, length);
      // Read as unsigned, so that a value beyond 2^53 is beyond every cookie.
      for (const { cookie: at, name, link: listed } of volume.list(
        link,
        Number(BigInt.asUintN(64, cookie)),
      )) {
        const node = listed.getNode();
        if (!buffer.add(at + 1, node.ino, fileTypeOf(node), name)) break;
      }
      memory.setU32(result, buffer.used);
    },

    /** The pair swaps the arguments: it moves the second descriptor to the first. */
    fd_renumber(from: number, to: number) {
      entryOf(context, from);
      if (from !== to) pair["fd_renumber"]?.(to, from);
    },

    /** The pair reports every directory as a preopen, most with the name "undefined". */
    fd_prestat_get(fd: number, result: number) {
      if (entryOf(context, fd).fakePath === undefined) throw new WasiError(Errno.EBADF);
      pair["fd_prestat_get"]?.(fd, result);
    },
  };
}

/** Wraps a call of the pair, which returns error numbers, to throw them. Missing calls throw ENOSYS. */
function pairCall({ wasi, memory, volume, lookup }: PairContext, name: string): SystemCall {
  const call = wasi.wasiImport[name] as ((...args: (number | bigint)[]) => Errno) | undefined;
  const paths = PATH_POINTERS[name] ?? [];
  return (...args: (number | bigint)[]) => {
    if (call === undefined) throw new WasiError(Errno.ENOSYS);
    const [path = ""] = paths.map((at) =>
      memory.path(Number(args[at]), Number(args[at + 1]), volume.limits.pathBytes),
    );
    const hasFlag = (Number(args[1]) & LookupFlags.SYMLINK_FOLLOW) !== 0;
    // A slash after a link requires the directory that it leads to.
    const follows = !LOOKUPS.has(name) || hasFlag || path.endsWith("/");
    lookup.lastLink = follows ? "follow" : "nofollow";
    const errno = resultOf(() => call(...args));
    if (errno !== Errno.SUCCESS) throw new WasiError(errno);
  };
}

/** Calls the pair. It does not check pointers itself: a bad one makes its view of memory throw. */
function resultOf(call: () => Errno): Errno {
  try {
    return call();
  } catch (error) {
    if (error instanceof RangeError && !isStackOverflow(error)) return Errno.EFAULT;
    throw error;
  }
}

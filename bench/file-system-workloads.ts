/** What engines are compared by: file work of a guest, made of the calls that its libc would make. */

import { expectEqual, scaled } from "./measure.ts";

/** The part of preview 1 that the workloads use. */
export interface FileCalls {
  path_open(
    fd: number,
    lookup: number,
    path: number,
    pathLength: number,
    flags: number,
    rights: bigint,
    inheriting: bigint,
    fdFlags: number,
    result: number,
  ): number;
  path_unlink_file(fd: number, path: number, pathLength: number): number;
  fd_read(fd: number, buffers: number, count: number, result: number): number;
  fd_write(fd: number, buffers: number, count: number, result: number): number;
  fd_seek(fd: number, offset: bigint, whence: number, result: number): number;
  fd_readdir(fd: number, at: number, length: number, cookie: bigint, result: number): number;
  fd_close(fd: number): number;
}

/** A fresh engine with an empty directory as descriptor 3, and the memory that it works on. */
export interface FileEngine {
  readonly calls: FileCalls;
  readonly memory: WebAssembly.Memory;
}

/** Something to time. */
interface Workload {
  readonly title: string;
  /** Makes what is there before, off the clock. */
  prepare?(guest: FileGuest): void;
  run(guest: FileGuest): void;
}

export type WorkloadName = keyof typeof WORKLOADS;

const CHUNK_BYTES = 65_536;
const CHUNKS = scaled(1024);
const FILES = scaled(2000);
const APPENDS = scaled(20_000);
const SMALL_BYTES = 100;

const CREATE = 1;
const APPEND = 1;

export const WORKLOADS = {
  large: {
    title: "64 MiB written and read, in 64 KiB chunks",
    run: (guest) => {
      const out = guest.open("large", CREATE);
      for (let index = 0; index < CHUNKS; index++) {
        guest.stamp(index);
        guest.write(out, CHUNK_BYTES);
      }
      guest.seek(out, 0n);
      for (let index = 0; index < CHUNKS; index++) {
        guest.read(out, CHUNK_BYTES);
        expectEqual(guest.stamped, index);
      }
      guest.close(out);
    },
  },
  small: {
    title: "2,000 files of 100 bytes created, read and removed",
    run: (guest) => {
      createFiles(guest);
      for (let index = 0; index < FILES; index++) {
        const fd = guest.open(nameOf(index));
        guest.read(fd, SMALL_BYTES);
        expectEqual(guest.stamped, index);
        guest.close(fd);
      }
      for (let index = 0; index < FILES; index++) guest.unlink(nameOf(index));
    },
  },
  listing: {
    title: "readdir of 2,000 entries",
    prepare: createFiles,
    run: (guest) => expectEqual(guest.count("f".charCodeAt(0)), FILES),
  },
  appends: {
    title: "20,000 appends of 100 bytes",
    run: (guest) => {
      const fd = guest.open("log", CREATE, APPEND);
      for (let index = 0; index < APPENDS; index++) {
        guest.stamp(index);
        guest.write(fd, SMALL_BYTES);
      }
      guest.seek(fd, BigInt(SMALL_BYTES * (APPENDS - 1)));
      guest.read(fd, SMALL_BYTES);
      expectEqual(guest.stamped, APPENDS - 1);
      guest.close(fd);
    },
  },
} as const satisfies Record<string, Workload>;

/** The milliseconds that a workload takes on an engine, which must be fresh. */
export function timeWorkload(name: WorkloadName, engine: FileEngine): number {
  const guest = new FileGuest(engine);
  const workload: Workload = WORKLOADS[name];
  workload.prepare?.(guest);
  const startMs = performance.now();
  workload.run(guest);
  return performance.now() - startMs;
}

function createFiles(guest: FileGuest): void {
  for (let index = 0; index < FILES; index++) {
    const fd = guest.open(nameOf(index), CREATE);
    guest.stamp(index);
    guest.write(fd, SMALL_BYTES);
    guest.close(fd);
  }
}

/** All are equally long, and no other entry of a directory starts as they do. */
function nameOf(index: number): string {
  return `file-${index + 10_000}.txt`;
}

/** Where things lie in the guest's memory. */
const AT = { result: 0, buffers: 16, path: 1024, listing: 8192, output: 65_536, input: 131_072 };
const MEMORY_PAGES = 4;

/** Of a directory entry: a cookie, an inode, a name's length and a type; the name follows. */
const DIRENT = { nextAt: 0, nameLengthAt: 16, bytes: 24 };
/** What wasi-libc reads a directory by. */
const LISTING_BYTES = 4096;

const DIRECTORY = 3;
/** FD_READ, FD_SEEK, FD_TELL, FD_WRITE and FD_FILESTAT_GET. */
const READ_WRITE = 0x2n | 0x4n | 0x20n | 0x40n | 0x20_0000n;

export function newGuestMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: MEMORY_PAGES });
}

/** A guest made of TypeScript. Its memory does not grow. */
class FileGuest {
  readonly #calls: FileCalls;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor({ calls, memory }: FileEngine) {
    this.#calls = calls;
    this.#view = new DataView(memory.buffer);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#bytes.fill(0x5a, AT.output, AT.output + CHUNK_BYTES);
  }

  open(path: string, flags = 0, fdFlags = 0): number {
    const length = this.#path(path);
    expectSuccess(
      this.#calls.path_open(
        DIRECTORY,
        0,
        AT.path,
        length,
        flags,
        READ_WRITE,
        0n,
        fdFlags,
        AT.result,
      ),
    );
    return this.#result;
  }

  close(fd: number): void {
    expectSuccess(this.#calls.fd_close(fd));
  }

  unlink(path: string): void {
    expectSuccess(this.#calls.path_unlink_file(DIRECTORY, AT.path, this.#path(path)));
  }

  seek(fd: number, offset: bigint): void {
    expectSuccess(this.#calls.fd_seek(fd, offset, 0, AT.result));
  }

  /** Puts a number at the start of what {@link write} writes. */
  stamp(value: number): void {
    this.#view.setUint32(AT.output, value, true);
  }

  /** The number at the start of what {@link read} has read. */
  get stamped(): number {
    return this.#view.getUint32(AT.input, true);
  }

  write(fd: number, length: number): void {
    this.#buffer(AT.output, length);
    expectSuccess(this.#calls.fd_write(fd, AT.buffers, 1, AT.result));
    expectEqual(this.#result, length);
  }

  read(fd: number, length: number): void {
    this.#buffer(AT.input, length);
    expectSuccess(this.#calls.fd_read(fd, AT.buffers, 1, AT.result));
    expectEqual(this.#result, length);
  }

  /**
   * Reads the directory, and counts the names that start with a byte.
   *
   * Some engines leave a buffer partly empty before the end, so that it ends where no entry comes.
   */
  count(firstByte: number): number {
    let [count, cookie, isAtEnd] = [0, 0n, false];
    while (!isAtEnd) {
      expectSuccess(
        this.#calls.fd_readdir(DIRECTORY, AT.listing, LISTING_BYTES, cookie, AT.result),
      );
      const end = AT.listing + this.#result;
      isAtEnd = true;
      for (let at = AT.listing; at + DIRENT.bytes <= end; ) {
        const nameAt = at + DIRENT.bytes;
        const next = nameAt + this.#view.getUint32(at + DIRENT.nameLengthAt, true);
        if (next > end) break;
        if (this.#bytes[nameAt] === firstByte) count++;
        cookie = this.#view.getBigUint64(at + DIRENT.nextAt, true);
        isAtEnd = false;
        at = next;
      }
    }
    return count;
  }

  get #result(): number {
    return this.#view.getUint32(AT.result, true);
  }

  #buffer(at: number, length: number): void {
    this.#view.setUint32(AT.buffers, at, true);
    this.#view.setUint32(AT.buffers + 4, length, true);
  }

  #path(path: string): number {
    for (let index = 0; index < path.length; index++) {
      this.#bytes[AT.path + index] = path.charCodeAt(index);
    }
    return path.length;
  }
}

function expectSuccess(errno: number): void {
  if (errno !== 0) throw new Error(`Cannot go on: error number ${errno}, expected success`);
}

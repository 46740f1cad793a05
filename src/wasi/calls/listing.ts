import { FileType } from "../../files/file-type.ts";
import { encodeUtf8 } from "../../files/utf8.ts";
import type { DirectoryDescriptor } from "../descriptor.ts";
import type { GuestMemory } from "../guest-memory.ts";
import { Rights } from "../rights.ts";
import type { CallContext, SystemCalls } from "../system-call.ts";

/** Bytes of a `dirent`, behind which its name stands. */
const DIRENT_BYTES = 24;

/**
 * The call that lists directories.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#fd_readdir
 */
export function listingCalls({ memory, descriptors }: CallContext): SystemCalls {
  return {
    /**
     * Fills the buffer with entries from `cookie` on. The last one is cut off where the buffer ends;
     * a buffer that is not full means that there are no more.
     */
    fd_readdir(fd: number, pointer: number, length: number, cookie: bigint, result: number) {
      const descriptor = descriptors.directory(fd, Rights.FD_READDIR);
      memory.range(pointer, length);
      memory.range(result, 4);
      const { node } = descriptor;
      const buffer = new DirentBuffer(memory, pointer, length);
      // As unsigned: what is beyond 2^53 is beyond all cookies.
      const from = Number(BigInt.asUintN(64, cookie));

      let more = true;
      if (from === 0) more = buffer.add(1, node.id, FileType.DIRECTORY, ".");
      if (more && from <= 1) more = buffer.add(2, node.parent.id, FileType.DIRECTORY, "..");
      if (more) addEntries(buffer, descriptor, from);
      memory.setU32(result, buffer.used);
    },
  };
}

/** Adds the entries from the cookie `from` on, and notes where the buffer ended. */
function addEntries(buffer: DirentBuffer, descriptor: DirectoryDescriptor, from: number): void {
  const { node: directory, listing } = descriptor;
  const resumed = listing?.from === from && directory.has(listing.next) ? listing : undefined;
  const entries = resumed?.entries ?? directory.entries();
  let next = resumed?.next ?? entries.next().value;
  while (next !== undefined && next.cookie < from) next = entries.next().value;

  let cookie = from;
  while (
    next !== undefined &&
    buffer.add(next.cookie + 1, next.node.id, next.node.type, next.name)
  ) {
    cookie = next.cookie + 1;
    next = entries.next().value;
  }
  descriptor.listing = next === undefined ? undefined : { from: cookie, entries, next };
}

/** A buffer of the guest's that takes entries until it is full. */
class DirentBuffer {
  /** Bytes written. */
  used = 0;
  readonly #memory: GuestMemory;
  readonly #pointer: number;
  readonly #length: number;

  /** The range has been checked. */
  constructor(memory: GuestMemory, pointer: number, length: number) {
    this.#memory = memory;
    this.#pointer = pointer;
    this.#length = length;
  }

  /** Writes as much of an entry as there is room for. @returns Whether all of it was. */
  add(nextCookie: number, inode: number, type: number, name: string): boolean {
    const bytes = encodeUtf8(name);
    const room = this.#length - this.used;
    const memory = this.#memory;
    const at = this.#pointer + this.used;
    if (room >= DIRENT_BYTES + bytes.length) {
      memory.setU64Number(at, nextCookie);
      memory.setU64Number(at + 8, inode);
      memory.setU32(at + 16, bytes.length);
      memory.setU32(at + 20, type);
      memory.write(at + DIRENT_BYTES, bytes);
      this.used += DIRENT_BYTES + bytes.length;
      return true;
    }
    const dirent = new Uint8Array(DIRENT_BYTES + bytes.length);
    const view = new DataView(dirent.buffer);
    view.setBigUint64(0, BigInt(nextCookie), true);
    view.setBigUint64(8, BigInt(inode), true);
    view.setUint32(16, bytes.length, true);
    view.setUint32(20, type, true);
    dirent.set(bytes, DIRENT_BYTES);
    memory.write(at, dirent.subarray(0, room));
    this.used += room;
    return false;
  }
}

import { encodeUtf8 } from "../files/utf8.ts";
import type { GuestMemory } from "./guest-memory.ts";

/** The size of a `dirent` in bytes. The name follows it. */
const DIRENT_BYTES = 24;

/** The guest's buffer for a directory listing, filled with entries until it is full. */
export class DirentBuffer {
  /** The number of bytes written. */
  used = 0;
  readonly #memory: GuestMemory;
  readonly #pointer: number;
  readonly #length: number;

  /** The range must have been checked. */
  constructor(memory: GuestMemory, pointer: number, length: number) {
    this.#memory = memory;
    this.#pointer = pointer;
    this.#length = length;
  }

  /** Writes an entry, or as much of it as fits. @returns Whether all of it fits. */
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

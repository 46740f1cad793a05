import { FileType } from "../../files/file-type.ts";
import type { DirectoryDescriptor } from "../descriptor.ts";
import { DirentBuffer } from "../dirent-buffer.ts";
import { Rights } from "../rights.ts";
import type { CallContext, SystemCalls } from "../system-call.ts";

/**
 * The call that lists directories.
 *
 * @see https://github.com/WebAssembly/WASI/blob/d6962d1/legacy/preview1/docs.md#fd_readdir
 */
export function listingCalls({ memory, descriptors }: CallContext): SystemCalls {
  return {
    /**
     * Fills the buffer with entries, starting at `cookie`. The last one is cut off at the end of the
     * buffer. A buffer that is not full is the end of the listing.
     */
    fd_readdir(fd: number, pointer: number, length: number, cookie: bigint, result: number) {
      const descriptor = descriptors.directory(fd, Rights.FD_READDIR);
      memory.range(pointer, length);
      memory.range(result, 4);
      const { node } = descriptor;
      const buffer = new DirentBuffer(memory, pointer, length);
      // Read as unsigned, so that a value beyond 2^53 is beyond every cookie.
      const from = Number(BigInt.asUintN(64, cookie));

      let more = true;
      if (from === 0) more = buffer.add(1, node.id, FileType.DIRECTORY, ".");
      if (more && from <= 1) more = buffer.add(2, node.parent.id, FileType.DIRECTORY, "..");
      if (more) addEntries(buffer, descriptor, from);
      memory.setU32(result, buffer.used);
    },
  };
}

/** Adds the entries from the cookie `from` on, and remembers where the buffer ended. */
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

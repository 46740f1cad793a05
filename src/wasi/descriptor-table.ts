import { Errno } from "../files/errno.ts";
import { FileType } from "../files/file-type.ts";
import { WasiError } from "../files/wasi-error.ts";
import type {
  Descriptor,
  DirectoryDescriptor,
  FileDescriptor,
  StreamDescriptor,
} from "./descriptor.ts";
import { Rights } from "./rights.ts";

/** The open file descriptors of one instance. */
export class DescriptorTable {
  readonly #slots: (Descriptor | undefined)[] = [];
  /** Free numbers below the highest one. The last one freed is the next one used. */
  readonly #free: number[] = [];
  readonly #maxOpen: number;

  constructor(maxOpen: number) {
    this.#maxOpen = maxOpen;
  }

  /** @throws WasiError EMFILE when the limit of open descriptors is reached. */
  assertFree(): void {
    if (this.#slots.length - this.#free.length >= this.#maxOpen) {
      throw new WasiError(Errno.EMFILE);
    }
  }

  /** Adds `descriptor` under a free number, which it returns. @throws WasiError EMFILE */
  open(descriptor: Descriptor): number {
    this.assertFree();
    const fd = this.#free.pop() ?? this.#slots.length;
    this.#slots[fd] = descriptor;
    if (descriptor.type !== FileType.CHARACTER_DEVICE) descriptor.node.descriptors++;
    return fd;
  }

  /**
   * Returns an open descriptor.
   *
   * @throws WasiError EBADF (not open, or the right to read or write is missing), ESTALE (its volume was
   * unmounted), ENOTCAPABLE (another right is missing)
   */
  get(fd: number, rights = 0): Descriptor {
    const descriptor = this.#slot(fd);
    if (descriptor.type !== FileType.CHARACTER_DEVICE && !descriptor.node.volume.attached) {
      throw new WasiError(Errno.ESTALE);
    }
    assertRights(descriptor, rights);
    return descriptor;
  }

  /** Returns an open file or stream. @throws WasiError EBADF, ESTALE, EISDIR, ENOTCAPABLE */
  transferable(fd: number, rights: number): FileDescriptor | StreamDescriptor {
    const descriptor = this.get(fd);
    if (descriptor.type === FileType.DIRECTORY) throw new WasiError(Errno.EISDIR);
    assertRights(descriptor, rights);
    return descriptor;
  }

  /** Returns an open file. @throws WasiError EBADF, ESTALE, EISDIR, ESPIPE (stdin, stdout, stderr), ENOTCAPABLE */
  file(fd: number, rights: number): FileDescriptor {
    const descriptor = this.get(fd);
    if (descriptor.type === FileType.DIRECTORY) throw new WasiError(Errno.EISDIR);
    if (descriptor.type === FileType.CHARACTER_DEVICE) throw new WasiError(Errno.ESPIPE);
    assertRights(descriptor, rights);
    return descriptor;
  }

  /** Returns an open file or directory. @throws WasiError EBADF, ESTALE, EINVAL (stdin, stdout, stderr), ENOTCAPABLE */
  stored(fd: number, rights: number): FileDescriptor | DirectoryDescriptor {
    const descriptor = this.get(fd);
    if (descriptor.type === FileType.CHARACTER_DEVICE) throw new WasiError(Errno.EINVAL);
    assertRights(descriptor, rights);
    return descriptor;
  }

  /** Returns an open directory. @throws WasiError EBADF, ESTALE, ENOTDIR, ENOTCAPABLE */
  directory(fd: number, rights: number): DirectoryDescriptor {
    const descriptor = this.get(fd);
    if (descriptor.type !== FileType.DIRECTORY) throw new WasiError(Errno.ENOTDIR);
    assertRights(descriptor, rights);
    return descriptor;
  }

  /** @throws WasiError EBADF */
  close(fd: number): void {
    this.#release(this.#slot(fd));
    this.#slots[fd] = undefined;
    this.#free.push(fd);
  }

  /** Closes `to`, and moves the descriptor `from` there. @throws WasiError EBADF (either is not open) */
  renumber(from: number, to: number): void {
    const moved = this.#slot(from);
    const replaced = this.#slot(to);
    if (moved === replaced) return;
    this.#release(replaced);
    this.#slots[to] = moved;
    this.#slots[from] = undefined;
    this.#free.push(from);
  }

  /** Closes all descriptors. */
  closeAll(): void {
    for (const [fd, descriptor] of this.#slots.entries()) {
      if (descriptor !== undefined) this.close(fd);
    }
  }

  #slot(fd: number): Descriptor {
    const descriptor = this.#slots[fd];
    if (descriptor === undefined) throw new WasiError(Errno.EBADF);
    return descriptor;
  }

  #release(descriptor: Descriptor): void {
    if (descriptor.type === FileType.CHARACTER_DEVICE) return;
    descriptor.node.descriptors--;
    descriptor.node.release();
  }
}

function assertRights(descriptor: Descriptor, rights: number): void {
  const missing = rights & ~descriptor.rights;
  if (missing === 0) return;
  // In POSIX, reading from a descriptor that is not open for reading is EBADF.
  const isTransfer = (missing & (Rights.FD_READ | Rights.FD_WRITE)) !== 0;
  throw new WasiError(isTransfer ? Errno.EBADF : Errno.ENOTCAPABLE);
}

import { Errno } from "../../files/errno.ts";
import { WasiError } from "../../files/wasi-error.ts";
import { GrowingBuffers } from "./growing-buffers.ts";
import type { Link, Node, OpenFile, Volume } from "./memfs.ts";
import type { VolumeUsage } from "./volume-usage.ts";

const O_APPEND = 0o2000;

/** Opens, reads and writes the files of a memfs volume, within limits. */
export class FileContents {
  readonly #volume: Volume;
  readonly #usage: VolumeUsage;
  readonly #buffers: GrowingBuffers;

  /** @param buffer Any buffer of memfs: see {@link GrowingBuffers}. */
  constructor(volume: Volume, usage: VolumeUsage, buffer: Buffer) {
    this.#volume = volume;
    this.#usage = usage;
    this.#buffers = new GrowingBuffers(buffer);
  }

  /** Opens a file or directory. @throws memfs's own error EMFILE, EISDIR or ENOTDIR */
  open(link: Link, flags: number): OpenFile {
    return this.#volume.openLink(link, flags, false);
  }

  /** Returns what is open under memfs's descriptor `fd`. @throws WasiError EBADF */
  opened(fd: number): OpenFile {
    const file = this.#volume.fds[fd];
    if (file === undefined) throw new WasiError(Errno.EBADF);
    return file;
  }

  close(file: OpenFile): void {
    this.#volume.closeSync(file.fd);
  }

  /** Reads from `position` into `bytes`. @returns The number of bytes read. @throws WasiError EISDIR */
  read(file: OpenFile, bytes: Uint8Array, position: number): number {
    assertFile(file.node);
    // memfs returns a negative number for a position beyond the end.
    if (position >= file.getSize()) return 0;
    return this.#volume.readSync(file.fd, bytes, 0, bytes.length, position);
  }

  /**
   * Writes all of `bytes` at `position`, or at the end of a file that is open for appending.
   *
   * @returns The number of bytes written. @throws WasiError EISDIR, EFBIG, ENOSPC
   */
  write(file: OpenFile, bytes: Uint8Array, position: number): number {
    assertFile(file.node);
    const start = (file.flags & O_APPEND) === 0 ? position : file.getSize();
    if (bytes.length === 0) return 0;
    if (start > file.getSize()) this.resize(file, start);
    this.#lengthen(file.node, start + bytes.length);
    file.node.buf.set(bytes, start);
    file.node.touch();
    file.position = start + bytes.length;
    return bytes.length;
  }

  /** Cuts a file off at `size`, or extends it with zeros. @throws WasiError EISDIR, EFBIG, ENOSPC */
  resize(file: OpenFile, size: number): void {
    assertFile(file.node);
    const before = file.getSize();
    // memfs only shortens files, and reports no error for the rest.
    if (size <= before) return file.truncate(size);
    this.#lengthen(file.node, size);
    file.node.buf.fill(0, before);
    file.node.touch();
  }

  /** Replaces the content of a file. @throws WasiError EISDIR, EFBIG, ENOSPC */
  replace(link: Link, bytes: Uint8Array): void {
    const node = link.getNode();
    assertFile(node);
    this.#usage.grow(node.getSize(), bytes.length);
    // memfs copies them into a buffer of its own.
    node.setBuffer(bytes as Buffer);
  }

  /** Extends a file to `size` unless it is longer. The caller must write the added bytes. */
  #lengthen(node: Node, size: number): void {
    const before = node.getSize();
    if (size <= before) return;
    this.#usage.grow(before, size);
    this.#buffers.extend(node, size);
  }
}

function assertFile(node: Node): void {
  if (!node.isFile()) throw new WasiError(Errno.EISDIR);
}

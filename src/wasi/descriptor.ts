import type { FileNode } from "../files/file-node.ts";
import { FileType } from "../files/file-type.ts";
import type { DirectoryNode, Entry } from "../files/node.ts";
import { DIRECTORY_RIGHTS, FILE_RIGHTS, Rights, STREAM_RIGHTS } from "./rights.ts";
import { InputStream, type OutputStream } from "./streams.ts";

/** What a file descriptor of the guest is open on. */
export type Descriptor = FileDescriptor | DirectoryDescriptor | StreamDescriptor;

/** An open regular file. */
export class FileDescriptor {
  readonly type: typeof FileType.REGULAR_FILE = FileType.REGULAR_FILE;
  readonly node: FileNode;
  /** The rights that the guest has not dropped. */
  rights: number;
  /** No rights, because nothing can be opened from a file. */
  inheriting = 0;
  /** See {@link DescriptorFlags}. */
  flags: number;
  /** Where the next read or write starts. It can be beyond the end of the file. */
  position = 0;

  constructor(node: FileNode, rights: number, flags: number) {
    this.node = node;
    this.rights = rights & FILE_RIGHTS;
    this.flags = flags;
  }
}

/** The rest of a listing that did not fit the guest's buffer. */
interface Listing {
  /** The cookie that continues the listing. */
  readonly from: number;
  /** The next entry to list, already taken from `entries`. */
  readonly next: Entry;
  readonly entries: MapIterator<Entry>;
}

/** An open directory. */
export class DirectoryDescriptor {
  readonly type: typeof FileType.DIRECTORY = FileType.DIRECTORY;
  readonly node: DirectoryNode;
  rights: number;
  /** The rights that descriptors opened from it can have. */
  inheriting: number;
  flags: number;
  /** The path of a preopened directory; `undefined` for any other. */
  readonly preopenPath: string | undefined;
  /** Where the last `fd_readdir` stopped, so that the next one does not have to search. */
  listing: Listing | undefined;

  constructor(
    node: DirectoryNode,
    rights: number,
    inheriting: number,
    flags: number,
    preopenPath?: string,
  ) {
    this.node = node;
    this.rights = rights & DIRECTORY_RIGHTS;
    this.inheriting = inheriting;
    this.flags = flags;
    this.preopenPath = preopenPath;
  }
}

/** Stdin, stdout or stderr. To the guest it is a terminal, or else a file of unknown type. */
export class StreamDescriptor {
  readonly type: typeof FileType.CHARACTER_DEVICE = FileType.CHARACTER_DEVICE;
  readonly stream: InputStream | OutputStream;
  rights: number;
  readonly isTerminal: boolean;
  inheriting = 0;
  flags = 0;

  constructor(stream: InputStream | OutputStream, isTerminal: boolean) {
    this.stream = stream;
    this.isTerminal = isTerminal;
    this.rights =
      STREAM_RIGHTS | (stream instanceof InputStream ? Rights.FD_READ : Rights.FD_WRITE);
  }
}

/** Returns the file type to report to the guest. C libraries take a character device for a terminal. */
export function reportedType(descriptor: Descriptor): number {
  const isPipe = descriptor instanceof StreamDescriptor && !descriptor.isTerminal;
  return isPipe ? FileType.UNKNOWN : descriptor.type;
}

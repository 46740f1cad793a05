import { fail } from "./abort";
import { encodeUtf8 } from "./utf8";
import { describeErrno, fd_read, fd_write } from "./wasi";

// @ts-ignore: decorator
@lazy const STDIN: u32 = 0;
// @ts-ignore: decorator
@lazy const STDOUT: u32 = 1;
// @ts-ignore: decorator
@lazy const STDERR: u32 = 2;
// @ts-ignore: decorator
@lazy const EIO: u32 = 29;

/** An iovec of WASI and, behind it, the number of bytes that moved. */
// @ts-ignore: decorator
@lazy const VECTOR = memory.data(12);
// @ts-ignore: decorator
@lazy const MOVED = VECTOR + 8;

/** Writes text to standard output, without a line end. */
export function print(text: string): void {
  writeText(STDOUT, text);
}

/** Writes text to standard error, without a line end. */
export function printError(text: string): void {
  writeText(STDERR, text);
}

/** Reads what is left of standard input. Waits for its end. */
export function readInput(): Uint8Array {
  return readAll(STDIN, "standard input");
}

/** Reads what is left of standard input as UTF-8. Waits for its end. */
export function readTextInput(): string {
  return String.UTF8.decode(readInput().buffer);
}

function writeText(fd: u32, text: string): void {
  const length = <usize>String.UTF8.byteLength(text);
  if (!length) return;
  const bytes = heap.alloc(length);
  encodeUtf8(text, bytes);
  writeAll(fd, bytes, length);
  heap.free(bytes);
}

/** Writes bytes to a file or stream, and returns an errno. */
export function writeAll(fd: u32, start: usize, length: usize): u32 {
  while (length) {
    store<u32>(VECTOR, <u32>start);
    store<u32>(VECTOR, <u32>length, 4);
    const errno = fd_write(fd, VECTOR, 1, MOVED);
    if (errno) return errno;
    const written = load<u32>(MOVED);
    if (!written) return EIO;
    start += written;
    length -= written;
  }
  return 0;
}

/** Reads a file or stream to its end. */
export function readAll(fd: u32, name: string): Uint8Array {
  let capacity: usize = 4096;
  let length: usize = 0;
  let bytes = heap.alloc(capacity);
  while (true) {
    if (length == capacity) bytes = heap.realloc(bytes, (capacity *= 2));
    store<u32>(VECTOR, <u32>(bytes + length));
    store<u32>(VECTOR, <u32>(capacity - length), 4);
    const errno = fd_read(fd, VECTOR, 1, MOVED);
    if (errno) fail("Cannot read " + name + ": " + describeErrno(errno));
    const read = load<u32>(MOVED);
    if (!read) break;
    length += read;
  }
  const result = new Uint8Array(<i32>length);
  memory.copy(result.dataStart, bytes, length);
  heap.free(bytes);
  return result;
}

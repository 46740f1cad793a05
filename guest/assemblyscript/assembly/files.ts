import { fail } from "./abort";
import { readAll, writeAll } from "./streams";
import { encodeUtf8 } from "./utf8";
import { describeErrno, fd_close, path_open } from "./wasi";

/** Every plugin has "/" opened as this descriptor. */
// @ts-ignore: decorator
@lazy const ROOT: u32 = 3;
// @ts-ignore: decorator
@lazy const FOLLOW_LINKS: u32 = 1;
// @ts-ignore: decorator
@lazy const CREATE: u32 = 1;
// @ts-ignore: decorator
@lazy const TRUNCATE: u32 = 8;
// @ts-ignore: decorator
@lazy const RIGHT_TO_READ: u64 = 1 << 1;
// @ts-ignore: decorator
@lazy const RIGHT_TO_WRITE: u64 = 1 << 6;

// @ts-ignore: decorator
@lazy const OPENED = memory.data(4);

/** Reads a file. Aborts if it cannot be read. */
export function readFile(path: string): Uint8Array {
  const fd = openFile(path, 0, RIGHT_TO_READ, "read");
  const bytes = readAll(fd, quoted(path));
  fd_close(fd);
  return bytes;
}

/** Reads a file as UTF-8. Aborts if it cannot be read. */
export function readTextFile(path: string): string {
  return String.UTF8.decode(readFile(path).buffer);
}

/** Writes a file, over what it was. Aborts if it cannot be written. */
export function writeFile(path: string, bytes: Uint8Array): void {
  writeBytes(path, bytes.dataStart, bytes.byteLength);
}

/** Writes a file as UTF-8, over what it was. Aborts if it cannot be written. */
export function writeTextFile(path: string, text: string): void {
  const length = <usize>String.UTF8.byteLength(text);
  const bytes = heap.alloc(length);
  encodeUtf8(text, bytes);
  writeBytes(path, bytes, length);
  heap.free(bytes);
}

/** Whether there is a file or directory at a path. */
export function fileExists(path: string): bool {
  if (tryOpen(path, 0, 0)) return false;
  fd_close(load<u32>(OPENED));
  return true;
}

function writeBytes(path: string, start: usize, length: usize): void {
  const fd = openFile(path, CREATE | TRUNCATE, RIGHT_TO_WRITE, "write");
  const errno = writeAll(fd, start, length);
  if (errno) fail("Cannot write " + quoted(path) + ": " + describeErrno(errno));
  fd_close(fd);
}

function openFile(path: string, openFlags: u32, rights: u64, action: string): u32 {
  const errno = tryOpen(path, openFlags, rights);
  if (errno) fail("Cannot " + action + " " + quoted(path) + ": " + describeErrno(errno));
  return load<u32>(OPENED);
}

/** Opens a path below "/" into `OPENED`, and returns an errno. */
function tryOpen(path: string, openFlags: u32, rights: u64): u32 {
  let from = 0;
  while (from < path.length && path.charCodeAt(from) == 0x2f) ++from;
  const relative = from == path.length ? "." : path.substring(from);
  const length = <usize>String.UTF8.byteLength(relative);
  const bytes = heap.alloc(length);
  encodeUtf8(relative, bytes);
  const errno = path_open(ROOT, FOLLOW_LINKS, bytes, length, openFlags, rights, 0, 0, OPENED);
  heap.free(bytes);
  return errno;
}

function quoted(path: string): string {
  return '"' + path + '"';
}

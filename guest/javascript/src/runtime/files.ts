/** Files and streams of WASI, as `@cloche/javascript` offers them to a plugin. */
import { scratch, scratchText, withScratch } from "./message.ts";
import { bytes, close, MEMORY_BASE, open, read, text, write } from "./native.ts";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

const CREATE_AND_TRUNCATE = 1 | 8;
const RIGHT_TO_READ = 2;
const RIGHT_TO_WRITE = 64;
const CHUNK_BYTES = 65_536;

const ERRNOS = new Map([
  [2, "permission denied (EACCES)"],
  [8, "bad file descriptor (EBADF)"],
  [19, "file too large (EFBIG)"],
  [31, "is a directory (EISDIR)"],
  [44, "no such file or directory (ENOENT)"],
  [51, "no space left (ENOSPC)"],
  [54, "not a directory (ENOTDIR)"],
  [63, "operation not permitted (EPERM)"],
  [69, "read-only file system (EROFS)"],
  [76, "capabilities insufficient (ENOTCAPABLE)"],
]);

function checked(result: number, task: string): number {
  if (result >= 0) return result;
  throw new Error(`Cannot ${task}: ${ERRNOS.get(-result) ?? `errno ${-result}`}`);
}

function withFile<Result>(
  path: string,
  flags: number,
  rights: number,
  use: (fd: number) => Result,
): Result {
  const below = scratchText(path.replace(/^\/+/, "") || ".");
  const fd = checked(
    open(below.pointer, below.length, flags, rights),
    `open ${JSON.stringify(path)}`,
  );
  try {
    return use(fd);
  } finally {
    close(fd);
  }
}

/** Reads to the end, and passes on where the content is. */
function readAll<Result>(
  fd: number,
  task: string,
  use: (pointer: number, length: number) => Result,
): Result {
  return withScratch((at) => {
    for (let length = 0; ; ) {
      const pointer = scratch(at, length + CHUNK_BYTES);
      const count = checked(read(fd, pointer + length, CHUNK_BYTES), task);
      if (count === 0) return use(pointer, length);
      length += count;
    }
  });
}

function copied(pointer: number, length: number): Uint8Array {
  return bytes.slice(pointer - MEMORY_BASE, pointer - MEMORY_BASE + length);
}

function writeAll(fd: number, content: string | Uint8Array, task: string): void {
  withScratch((at) => {
    let { pointer, length } =
      typeof content === "string" ? scratchText(content) : placed(content, at);
    while (length > 0) {
      const count = checked(write(fd, pointer, length), task);
      pointer += count;
      length -= count;
    }
  });
}

function placed(content: Uint8Array, at: number): { pointer: number; length: number } {
  const pointer = scratch(at, content.length);
  bytes.set(content, pointer - MEMORY_BASE);
  return { pointer, length: content.length };
}

export function readFile(path: string): Uint8Array {
  return withFile(path, 0, RIGHT_TO_READ, (fd) => readAll(fd, `read "${path}"`, copied));
}

export function readTextFile(path: string): string {
  return withFile(path, 0, RIGHT_TO_READ, (fd) => readAll(fd, `read "${path}"`, text));
}

export function writeFile(path: string, content: string | Uint8Array): void {
  withFile(path, CREATE_AND_TRUNCATE, RIGHT_TO_WRITE, (fd) =>
    writeAll(fd, content, `write "${path}"`),
  );
}

export function readInput(): Uint8Array {
  return readAll(STDIN, "read standard input", copied);
}

export function readTextInput(): string {
  return readAll(STDIN, "read standard input", text);
}

export function print(content: string | Uint8Array): void {
  writeAll(STDOUT, content, "write to standard output");
}

export function printError(content: string | Uint8Array): void {
  writeAll(STDERR, content, "write to standard error");
}

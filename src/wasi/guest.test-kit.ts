import type { Clock } from "../files/clock.ts";
import { type Errno, errnoCode } from "../files/errno.ts";
import { FileSystem } from "../files/file-system.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { createPreview1, type Preview1, type Preview1Options } from "./preview1.ts";
import { ALL_RIGHTS, Rights } from "./rights.ts";

export { Rights };

/** A clock that advances only when a test sets it. */
export class TestClock implements Clock {
  readonly resolutionNs = 1000n;
  timeNs = 1_700_000_000_000_000_000n;

  realtimeNs(): bigint {
    return this.timeNs;
  }

  monotonicNs(): bigint {
    return this.timeNs - 1_600_000_000_000_000_000n;
  }
}

/** The result of `fd_filestat_get` and `path_filestat_get`. */
export interface TestStat {
  dev: bigint;
  ino: bigint;
  type: number;
  links: bigint;
  size: bigint;
  accessedNs: bigint;
  modifiedNs: bigint;
  changedNs: bigint;
}

/** The arguments of `path_open` besides the path. The defaults open an existing file for reading and writing. */
export interface TestOpen {
  readonly at?: number;
  readonly lookup?: number;
  readonly flags?: number;
  readonly rights?: number;
  readonly inheriting?: number;
  readonly fdFlags?: number;
}

/** An entry of a directory listing. */
export interface TestDirent {
  next: bigint;
  ino: bigint;
  type: number;
  name: string;
}

type Extras = Partial<Omit<Preview1Options, "fileSystem" | "limits" | "clock">> & {
  readonly isJournaled?: boolean;
};

const READ_WRITE: number =
  Rights.FD_READ |
  Rights.FD_WRITE |
  Rights.FD_SEEK |
  Rights.FD_TELL |
  Rights.FD_FILESTAT_GET |
  Rights.FD_FILESTAT_SET_SIZE |
  Rights.FD_ALLOCATE |
  Rights.POLL_FD_READWRITE;

/**
 * A guest made of TypeScript: it makes the calls that a Wasm module would make, over a real linear
 * memory. Methods with a result throw an `Error` whose message is the code, such as "ENOENT".
 */
export class TestGuest {
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 4, maximum: 64 });
  readonly clock: TestClock = new TestClock();
  readonly files: FileSystem;
  readonly preview1: Preview1;
  readonly written: { stdout: string; stderr: string } = { stdout: "", stderr: "" };
  readonly sleptMs: number[] = [];
  #next = 1024;

  constructor(limits: Partial<Limits> = {}, { isJournaled = false, ...extras }: Extras = {}) {
    const all = { ...DEFAULT_LIMITS, ...limits };
    this.files = new FileSystem({ limits: all, clock: this.clock, isJournaled });
    const sink = (name: "stdout" | "stderr") => ({
      write: (bytes: Uint8Array): void => {
        this.written[name] += new TextDecoder().decode(bytes);
      },
    });
    this.preview1 = createPreview1({
      fileSystem: this.files,
      clock: this.clock,
      limits: all,
      random: (bytes) => bytes.fill(0xab),
      sleep: (milliseconds) => {
        this.sleptMs.push(milliseconds);
      },
      stdout: sink("stdout"),
      stderr: sink("stderr"),
      ...extras,
    });
    this.preview1.attachMemory(this.memory);
  }

  get view(): DataView {
    return new DataView(this.memory.buffer);
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  /** Allocates memory in the guest. */
  allocate(length: number): number {
    const pointer = this.#next;
    this.#next += (length + 7) & ~7;
    if (this.#next > this.memory.buffer.byteLength) this.memory.grow(1 + (length >> 16));
    return pointer;
  }

  /** Copies text or bytes into memory. @returns Their pointer and length. */
  put(content: string | Uint8Array): [pointer: number, length: number] {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const pointer = this.allocate(bytes.length);
    this.bytes.set(bytes, pointer);
    return [pointer, bytes.length];
  }

  /** Writes a list of buffers to memory. @returns Its pointer and length. */
  buffers(...list: [pointer: number, length: number][]): [pointer: number, length: number] {
    const pointer = this.allocate(list.length * 8);
    list.forEach(([start, length], index) => {
      this.view.setUint32(pointer + index * 8, start, true);
      this.view.setUint32(pointer + index * 8 + 4, length, true);
    });
    return [pointer, list.length];
  }

  text(pointer: number, length: number): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      this.bytes.slice(pointer, pointer + length),
    );
  }

  /** Makes a system call. @returns The name of its error number, or "SUCCESS" */
  call(name: string, ...args: (number | bigint)[]): string {
    const errno = this.raw(name, ...args);
    if (typeof errno !== "number") throw new TypeError(`${name} waits`);
    return errnoCode(errno as Errno);
  }

  /** Makes a system call that may suspend the guest. */
  async wait(name: string, ...args: (number | bigint)[]): Promise<string> {
    return errnoCode((await this.raw(name, ...args)) as Errno);
  }

  raw(name: string, ...args: (number | bigint)[]): number | Promise<number> {
    const call = this.preview1.imports[name];
    if (call === undefined) throw new TypeError(`There is no call ${name}`);
    return call(...args);
  }

  #run(name: string, ...args: (number | bigint)[]): void {
    const code = this.call(name, ...args);
    if (code !== "SUCCESS") throw new Error(code);
  }

  open(path: string | Uint8Array, options: TestOpen = {}): number {
    const result = this.allocate(4);
    this.#run(
      "path_open",
      options.at ?? 3,
      options.lookup ?? 0,
      ...this.put(path),
      options.flags ?? 0,
      BigInt(options.rights ?? READ_WRITE),
      BigInt(options.inheriting ?? 0),
      options.fdFlags ?? 0,
      result,
    );
    return this.view.getUint32(result, true);
  }

  openDirectory(path: string, options: TestOpen = {}): number {
    return this.open(path, {
      flags: 2,
      rights: ALL_RIGHTS & ~Rights.FD_WRITE,
      inheriting: ALL_RIGHTS,
      ...options,
    });
  }

  close(fd: number): void {
    this.#run("fd_close", fd);
  }

  write(fd: number, ...contents: (string | Uint8Array)[]): number {
    const result = this.allocate(4);
    this.#run("fd_write", fd, ...this.buffers(...contents.map((each) => this.put(each))), result);
    return this.view.getUint32(result, true);
  }

  read(fd: number, ...lengths: number[]): string {
    const result = this.allocate(4);
    const list = lengths.map((length): [number, number] => [this.allocate(length), length]);
    this.#run("fd_read", fd, ...this.buffers(...list), result);
    const total = this.view.getUint32(result, true);
    return list
      .map(([start, length]) => this.text(start, length))
      .join("")
      .slice(0, total);
  }

  pwrite(fd: number, content: string, offset: bigint): number {
    const result = this.allocate(4);
    this.#run("fd_pwrite", fd, ...this.buffers(this.put(content)), offset, result);
    return this.view.getUint32(result, true);
  }

  pread(fd: number, length: number, offset: bigint): string {
    const result = this.allocate(4);
    const start = this.allocate(length);
    this.#run("fd_pread", fd, ...this.buffers([start, length]), offset, result);
    return this.text(start, this.view.getUint32(result, true));
  }

  seek(fd: number, offset: bigint, whence: number): bigint {
    const result = this.allocate(8);
    this.#run("fd_seek", fd, offset, whence, result);
    return this.view.getBigUint64(result, true);
  }

  tell(fd: number): bigint {
    const result = this.allocate(8);
    this.#run("fd_tell", fd, result);
    return this.view.getBigUint64(result, true);
  }

  stat(path: string, lookup = 0, at = 3): TestStat {
    const result = this.allocate(64);
    this.#run("path_filestat_get", at, lookup, ...this.put(path), result);
    return this.#statAt(result);
  }

  fstat(fd: number): TestStat {
    const result = this.allocate(64);
    this.#run("fd_filestat_get", fd, result);
    return this.#statAt(result);
  }

  #statAt(pointer: number): TestStat {
    const u64 = (offset: number) => this.view.getBigUint64(pointer + offset, true);
    return {
      dev: u64(0),
      ino: u64(8),
      type: this.view.getUint8(pointer + 16),
      links: u64(24),
      size: u64(32),
      accessedNs: u64(40),
      modifiedNs: u64(48),
      changedNs: u64(56),
    };
  }

  fdstat(fd: number): { type: number; flags: number; rights: number; inheriting: number } {
    const result = this.allocate(24);
    this.#run("fd_fdstat_get", fd, result);
    return {
      type: this.view.getUint8(result),
      flags: this.view.getUint16(result + 2, true),
      rights: Number(this.view.getBigUint64(result + 8, true)),
      inheriting: Number(this.view.getBigUint64(result + 16, true)),
    };
  }

  mkdir(path: string, at = 3): void {
    this.#run("path_create_directory", at, ...this.put(path));
  }

  rmdir(path: string, at = 3): void {
    this.#run("path_remove_directory", at, ...this.put(path));
  }

  unlink(path: string, at = 3): void {
    this.#run("path_unlink_file", at, ...this.put(path));
  }

  rename(from: string, to: string, fromAt = 3, toAt = 3): void {
    this.#run("path_rename", fromAt, ...this.put(from), toAt, ...this.put(to));
  }

  link(from: string, to: string, lookup = 0): void {
    this.#run("path_link", 3, lookup, ...this.put(from), 3, ...this.put(to));
  }

  symlink(target: string, path: string, at = 3): void {
    this.#run("path_symlink", ...this.put(target), at, ...this.put(path));
  }

  readlink(path: string, maxLength = 4096, at = 3): string {
    const result = this.allocate(4);
    const buffer = this.allocate(maxLength);
    this.#run("path_readlink", at, ...this.put(path), buffer, maxLength, result);
    return this.text(buffer, this.view.getUint32(result, true));
  }

  /** Calls `fd_readdir` once. @returns The complete entries in the buffer, and whether it is full */
  readdir(fd: number, cookie = 0n, length = 4096): { entries: TestDirent[]; full: boolean } {
    const result = this.allocate(4);
    const buffer = this.allocate(length);
    this.#run("fd_readdir", fd, buffer, length, cookie, result);
    const used = this.view.getUint32(result, true);
    const entries: TestDirent[] = [];
    for (let at = buffer; at + 24 <= buffer + used; ) {
      const nameLength = this.view.getUint32(at + 16, true);
      if (at + 24 + nameLength > buffer + used) break;
      entries.push({
        next: this.view.getBigUint64(at, true),
        ino: this.view.getBigUint64(at + 8, true),
        type: this.view.getUint8(at + 20),
        name: this.text(at + 24, nameLength),
      });
      at += 24 + nameLength;
    }
    return { entries, full: used === length };
  }

  /** Lists all names, with buffers of `length` bytes. */
  names(path: string, length = 4096): string[] {
    const fd = this.openDirectory(path);
    const names: string[] = [];
    for (let cookie = 0n; ; ) {
      const { entries, full } = this.readdir(fd, cookie, length);
      names.push(...entries.map(({ name }) => name));
      if (!full) break;
      cookie = entries.at(-1)?.next ?? cookie;
    }
    this.close(fd);
    return names;
  }
}

/** The page's side of `calling-guest.ts`. */

import { type Plugin, t } from "cloche";

/** An argument of a call; a text is put into the guest's memory, and passed as its address and length. */
export type CallArgument = number | bigint | string;

const ALL_RIGHTS = 0x1fff_ffffn;
/** To change bytes, in each of four ways: nobody may ask for that with a directory. */
const WRITING_RIGHTS = 0x40_0141n;

/** Where texts of a call are put, one behind the other. */
const TEXTS = 0x20000;

/** Makes calls of WASI through a guest. Below 0x10000 and from 0x40000 on its memory is the caller's. */
export class Caller {
  readonly plugin: Plugin;

  constructor(plugin: Plugin) {
    this.plugin = plugin;
  }

  /** Makes a call. @returns its error number */
  call(name: string, ...args: CallArgument[]): Promise<number> {
    return this.repeat(1, name, ...args);
  }

  /** Makes the same call many times. @returns the error number of the last */
  async repeat(times: number, name: string, ...args: CallArgument[]): Promise<number> {
    const encoder = new TextEncoder();
    const numbers = [BigInt(times)];
    let at = TEXTS;
    for (const arg of args) {
      if (typeof arg === "string") {
        const bytes = encoder.encode(arg);
        await this.write(at, bytes);
        numbers.push(BigInt(at), BigInt(bytes.length));
        at += bytes.length;
      } else {
        numbers.push(BigInt.asUintN(64, BigInt(arg)));
      }
    }
    return this.plugin.function(name, [t.array(t.u64, numbers.length)], t.u32)(numbers);
  }

  /** Makes directories with names of their own until one fails. @returns its error number, or 0 */
  fill(most: number): Promise<number> {
    return this.plugin.function("fill", [t.u64], t.u32)(BigInt(most));
  }

  /** Opens a path. @returns the error number, and the descriptor when there is one */
  async open(
    path: string,
    options: {
      at?: number;
      follow?: boolean;
      flags?: number;
      rights?: bigint;
      fdFlags?: number;
    } = {},
  ): Promise<[errno: number, fd: number]> {
    const { at = 3, follow = false, flags = 0, rights = ALL_RIGHTS, fdFlags = 0 } = options;
    await this.write(0x100, new Uint8Array(4));
    const opening = this.call(
      "path_open",
      at,
      Number(follow),
      path,
      flags,
      rights,
      ALL_RIGHTS,
      fdFlags,
      0x100,
    );
    return [await opening, await this.u32(0x100)];
  }

  /** Opens what has to be there. @returns its descriptor */
  async opened(...given: Parameters<Caller["open"]>): Promise<number> {
    const [errno, fd] = await this.open(...given);
    if (errno !== 0) throw new Error(`Cannot open ${given[0]}: ${errno}, expected a descriptor`);
    return fd;
  }

  /** Opens a directory that has to be there, with every right there is for files in it. */
  directory(path: string): Promise<number> {
    return this.opened(path, { rights: ALL_RIGHTS & ~WRITING_RIGHTS });
  }

  /** Opens a path as a file's and as a directory's. @returns its text, and that of `name` in it */
  async texts(
    path: string,
    name: string,
    options: Parameters<Caller["open"]>[1] = {},
  ): Promise<string[]> {
    const texts: string[] = [];
    for (const rights of [ALL_RIGHTS, ALL_RIGHTS & ~WRITING_RIGHTS]) {
      const [errno, fd] = await this.open(path, { ...options, rights });
      if (errno !== 0) continue;
      const [missing, inside] = await this.open(name, { at: fd });
      for (const each of missing === 0 ? [inside, fd] : [fd]) {
        texts.push((await this.get(each))[1]);
        await this.call("fd_close", each);
      }
    }
    return texts;
  }

  /** Writes bytes to a descriptor. @returns the error number */
  async put(fd: number, text: string): Promise<number> {
    const bytes = new TextEncoder().encode(text);
    await this.write(0x1000, bytes);
    await this.write(0x200, new Uint8Array(Uint32Array.of(0x1000, bytes.length).buffer));
    return this.call("fd_write", fd, 0x200, 1, 0x100);
  }

  /** Reads up to so many bytes at an offset. @returns the error number, and the text */
  async get(fd: number, length = 100, offset = 0n): Promise<[errno: number, text: string]> {
    await this.write(0x200, new Uint8Array(Uint32Array.of(0x1000, length).buffer));
    const errno = await this.call("fd_pread", fd, 0x200, 1, offset, 0x100);
    if (errno !== 0) return [errno, ""];
    return [errno, new TextDecoder().decode(await this.read(0x1000, await this.u32(0x100)))];
  }

  /** Puts bytes into the guest's memory. */
  async write(address: number, bytes: Uint8Array | readonly number[]): Promise<void> {
    const sent = [...bytes];
    const write = this.plugin.function("write", [t.u64, t.array(t.u8, sent.length)], t.unit);
    await write(BigInt(address), sent);
  }

  /** A copy of what is in the guest's memory. */
  async read(address: number, length: number): Promise<Uint8Array> {
    const read = this.plugin.function("read", [t.u64, t.u64], t.array(t.u8, length));
    return Uint8Array.from(await read(BigInt(address), BigInt(length)));
  }

  async u32(address: number): Promise<number> {
    const [value = 0] = new Uint32Array((await this.read(address, 4)).buffer);
    return value;
  }
}

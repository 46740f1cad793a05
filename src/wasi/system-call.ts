import type { Clock } from "../files/clock.ts";
import { Errno } from "../files/errno.ts";
import type { NodeTree } from "../files/node-tree.ts";
import { isStackOverflow } from "../files/stack-overflow.ts";
import { WasiError } from "../files/wasi-error.ts";
import type { DescriptorTable } from "./descriptor-table.ts";
import type { GuestMemory } from "./guest-memory.ts";
import { PREVIEW1_SIGNATURES } from "./preview1-signatures.ts";
import { WasiExit } from "./wasi-exit.ts";

/** What system calls work on. */
export interface CallContext {
  readonly memory: GuestMemory;
  readonly descriptors: DescriptorTable;
  readonly tree: NodeTree;
  readonly clock: Clock;
}

/**
 * A system call as it is written here: `i32` come as unsigned numbers, `i64` as signed bigints. It
 * throws a {@link WasiError} to fail, and returns nothing, or a promise of it, to succeed.
 */
export type SystemCall = (...args: never[]) => void | Promise<void>;

/** System calls by name. */
export type SystemCalls = Readonly<Record<string, SystemCall>>;

/** A system call as the guest imports it. */
export type GuestImport = (...args: (number | bigint)[]) => number | Promise<number>;

/**
 * Makes a system call fit for the guest: it returns an error number, whatever happens, and throws
 * nothing but {@link WasiExit}, and the engine's error when the guest has left it no stack.
 *
 * @param name The call's, whose signature is held against what comes: of a module that was compiled
 *   by somebody else nobody has seen the types.
 */
export function guestImport(memory: GuestMemory, name: string, call: SystemCall): GuestImport {
  const run = call as (...args: (number | bigint)[]) => void | Promise<void>;
  const params = PREVIEW1_SIGNATURES.get(name)?.params ?? [];
  const types = params.map((type) => (type === "i64" ? "bigint" : "number"));
  return (...args) => {
    for (let index = 0; index < types.length; index++) {
      const arg = args[index];
      if (typeof arg !== types[index]) return Errno.EINVAL;
      if (typeof arg === "number") args[index] = arg >>> 0;
    }
    try {
      memory.refresh();
      const done = run(...args);
      return done === undefined ? Errno.SUCCESS : done.then(() => Errno.SUCCESS, errnoOf);
    } catch (error) {
      return errnoOf(error);
    }
  };
}

function errnoOf(error: unknown): Errno {
  if (error instanceof WasiError) return error.errno;
  if (error instanceof WasiExit || isStackOverflow(error)) throw error;
  return Errno.EIO;
}

/** A size or offset, exact up to 2^53. @throws WasiError EINVAL (2^63 or more, or less than 0) */
export function sizeOf(value: bigint): number {
  if (value < 0n) throw new WasiError(Errno.EINVAL);
  return Number(value);
}

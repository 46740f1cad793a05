import type { Clock } from "../files/clock.ts";
import { Errno } from "../files/errno.ts";
import type { NodeTree } from "../files/node-tree.ts";
import { isStackOverflow } from "../files/stack-overflow.ts";
import { WasiError } from "../files/wasi-error.ts";
import type { DescriptorTable } from "./descriptor-table.ts";
import type { GuestMemory } from "./guest-memory.ts";
import { PREVIEW1_SIGNATURES } from "./preview1-signatures.ts";
import { WasiExit } from "./wasi-exit.ts";

/** What the system calls of one instance share. */
export interface CallContext {
  readonly memory: GuestMemory;
  readonly descriptors: DescriptorTable;
  readonly tree: NodeTree;
  readonly clock: Clock;
}

/**
 * The implementation of a system call. It takes `i32` as unsigned numbers and `i64` as signed bigints,
 * throws a {@link WasiError} to fail, and returns nothing or a promise of nothing to succeed.
 */
export type SystemCall = (...args: never[]) => void | Promise<void>;

/** System calls by name. */
export type SystemCalls = Readonly<Record<string, SystemCall>>;

/** A system call as the guest imports it, which returns an error number. */
export type GuestImport = (...args: (number | bigint)[]) => number | Promise<number>;

/**
 * Wraps a system call for the guest: errors become error numbers. It throws only {@link WasiExit}, and
 * the JavaScript engine's error when the guest left no stack for the call.
 *
 * @param name The name of the call. Its arguments are checked against the call's signature, because the
 *   page can pass a compiled module whose import types nobody has checked.
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

/** Converts a size or offset to a number, exact up to 2^53. @throws WasiError EINVAL when it is negative as an `i64` */
export function sizeOf(value: bigint): number {
  if (value < 0n) throw new WasiError(Errno.EINVAL);
  return Number(value);
}

import type { Codec } from "./codec.ts";
import { room, take } from "./message.ts";
import { Misfit } from "./misfit.ts";
import { view } from "./native.ts";

/** What tells the host that a handle is dropped. Set when the plugin starts. */
export const dropping: { drop: (handle: bigint) => void } = { drop: () => {} };

/** The borrowed handles of each call that has not ended, the innermost last. */
const borrowed: ResourceHandle[][] = [];

/** A handle of an object of the page. */
class ResourceHandle {
  readonly #type: string;
  readonly #isOwned: boolean;
  #handle: bigint;

  constructor(type: string, handle: bigint, isOwned: boolean) {
    this.#type = type;
    this.#handle = handle;
    this.#isOwned = isOwned;
    if (!isOwned) borrowed.at(-1)?.push(this);
  }

  /** The handle, which stays with the plugin. */
  static lend(value: unknown, type: string): bigint {
    if (!(value instanceof ResourceHandle) || value.#type !== type) throw new Misfit(value, type);
    if (value.#handle === 0n) throw new TypeError(`This ${type} was dropped or given away`);
    return value.#handle;
  }

  /** The handle, which the plugin gives up. */
  static give(value: unknown, type: string): bigint {
    const handle = ResourceHandle.lend(value, type);
    const resource = value as ResourceHandle;
    if (!resource.#isOwned)
      throw new TypeError(`This ${type} is borrowed and cannot be given away`);
    resource.#handle = 0n;
    return handle;
  }

  static expire(value: ResourceHandle): void {
    value.#handle = 0n;
  }

  /** Tells the page that the plugin no longer needs it. Does nothing the second time. */
  drop(): void {
    if (this.#handle === 0n || !this.#isOwned) return;
    const handle = this.#handle;
    this.#handle = 0n;
    dropping.drop(handle);
  }

  [Symbol.dispose](): void {
    this.drop();
  }
}

/** Runs a call. What it borrowed is invalid afterwards. */
export function withBorrows<Result>(call: () => Result): Result {
  borrowed.push([]);
  try {
    return call();
  } finally {
    for (const each of borrowed.pop() ?? []) ResourceHandle.expire(each);
  }
}

export function owned(type: string): Codec {
  return {
    read: () => new ResourceHandle(type, view.getBigUint64(take(8), true), true),
    write: (value: unknown) => view.setBigUint64(room(8), ResourceHandle.give(value, type), true),
  };
}

export function borrow(type: string): Codec {
  return {
    read: () => new ResourceHandle(type, view.getBigUint64(take(8), true), false),
    write: (value: unknown) => view.setBigUint64(room(8), ResourceHandle.lend(value, type), true),
  };
}

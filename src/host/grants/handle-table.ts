/** The objects of the page that one plugin holds, by handles that mean nothing elsewhere. */

import type { Handles } from "../../codec/handles.ts";
import { reportUncaught } from "../time/report-uncaught.ts";

/** Hears of an object that the plugin owned and no longer holds. */
export type DropListener = (object: object, resource: string) => void;

interface Held {
  readonly resource: string;
  readonly object: object;
  readonly isLent: boolean;
  /** Whether the call that it was an argument of has not settled. */
  isArgument: boolean;
}

/** What the arguments of one call have given to the guest. */
export type Given = readonly bigint[];

export class HandleTable implements Handles {
  readonly #held: Map<bigint, Held> = new Map();
  readonly #mostHeld: number;
  readonly #onDrop: DropListener | undefined;
  /** Handles are never used again, and begin elsewhere in each plugin: one of another plugin is unknown. */
  #last: bigint = BigInt(Math.floor(Math.random() * 2 ** 52)) << 8n;
  /** What the arguments that are being encoded have given so far. */
  #given: bigint[] | undefined;

  constructor(mostHeld: number, onDrop: DropListener | undefined) {
    this.#mostHeld = mostHeld;
    this.#onDrop = onDrop;
  }

  get size(): number {
    return this.#held.size;
  }

  give(resource: string, object: object, isLent: boolean): bigint | string {
    if (isLent && this.#given === undefined) return "it is no argument of a call";
    if (this.#held.size >= this.#mostHeld) {
      return `the plugin holds ${this.#held.size} (limits.resources)`;
    }
    this.#last += 1n;
    const isArgument = this.#given !== undefined;
    this.#held.set(this.#last, { resource, object, isLent, isArgument });
    this.#given?.push(this.#last);
    return this.#last;
  }

  find(resource: string, handle: bigint, isTaken: boolean): object | undefined {
    const held = this.#held.get(handle);
    if (held === undefined || held.resource !== resource) return undefined;
    if (isTaken && held.isLent) return undefined;
    if (isTaken) this.#held.delete(handle);
    return held.object;
  }

  /** The guest drops what it owns. @throws {TypeError} for what it does not own */
  drop(handle: bigint): void {
    const held = this.#held.get(handle);
    if (held === undefined || held.isLent) {
      throw new TypeError(`Cannot drop ${handle}: no handle of a resource that the plugin owns`);
    }
    this.#drop(handle, held);
  }

  /** Encodes the arguments of a call. Returns the message, and what to settle when the call has. */
  giveArguments<T>(encode: () => T): { readonly message: T; readonly given: Given } {
    // A getter of a value may make a call of its own.
    const outer = this.#given;
    const given: bigint[] = [];
    this.#given = given;
    try {
      return { message: encode(), given };
    } catch (error) {
      for (const handle of given) this.#held.delete(handle);
      throw error;
    } finally {
      this.#given = outer;
    }
  }

  /** Ends what a call was lent. What it was given stays the guest's if the call has succeeded. */
  settle(given: Given, isFulfilled: boolean): void {
    for (const handle of given) {
      const held = this.#held.get(handle);
      if (held === undefined) continue;
      if (held.isLent || !isFulfilled) this.#held.delete(handle);
      else held.isArgument = false;
    }
  }

  /** Forgets what an instance held that is gone. Arguments of calls that wait are for the next one. */
  startInstance(): void {
    for (const [handle, held] of this.#held) if (!held.isArgument) this.#drop(handle, held);
  }

  close(): void {
    for (const [handle, held] of this.#held) this.#drop(handle, held);
  }

  #drop(handle: bigint, { object, resource, isLent, isArgument }: Held): void {
    this.#held.delete(handle);
    if (isLent || isArgument) return;
    try {
      this.#onDrop?.(object, resource);
    } catch (error) {
      reportUncaught(error);
    }
  }
}

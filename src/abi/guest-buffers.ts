/**
 * Moves bytes in and out of a guest's linear memory, through the allocator that the guest exports.
 *
 * Ownership is the ABI's: whatever the host gives, the guest takes; whatever the guest gives, the
 * host takes a copy of and frees at once.
 */

import { PluginTrapError } from "../errors.ts";
import { limitError } from "../wording/limit-error.ts";
import { packBuffer, unpackBuffer } from "./buffer.ts";

/** The exports of an instance that buffers need. */
export interface BufferExports {
  readonly memory: WebAssembly.Memory;
  readonly alloc: (len: number) => number;
  readonly free: (buffer: bigint) => void;
}

export interface BufferLimits {
  /** Bytes of one buffer, in either direction. */
  readonly messageBytes: number;
}

const NOTHING: Uint8Array<ArrayBuffer> = new Uint8Array();

export class GuestBuffers {
  readonly #exports: BufferExports;
  readonly #limits: BufferLimits;
  readonly #pluginName: string;
  readonly #isShared: boolean;
  #lastView: Uint8Array<ArrayBuffer> = new Uint8Array();

  constructor(exports: BufferExports, limits: BufferLimits, pluginName: string) {
    this.#exports = exports;
    this.#limits = limits;
    this.#pluginName = pluginName;
    this.#isShared = !(exports.memory.buffer instanceof ArrayBuffer);
  }

  /** The size of the linear memory. */
  get memoryBytes(): number {
    return this.#view.length;
  }

  /**
   * A view of all of linear memory, kept until that grows, which leaves the view without a byte, unless
   * the memory is shared. To ask a memory for its buffer takes longer than to copy a short message.
   */
  get #view(): Uint8Array<ArrayBuffer> {
    if (this.#lastView.length === 0 || this.#isShared) {
      this.#lastView = new Uint8Array(this.#exports.memory.buffer);
    }
    return this.#lastView;
  }

  /**
   * Copies bytes into a new buffer of the guest, which owns it from then on.
   *
   * @returns The packed buffer, to be handed to the guest.
   * @throws {PluginTrapError} when the guest's allocator answers with a range outside its memory.
   */
  give(bytes: Uint8Array): bigint {
    const len = bytes.length;
    this.#checkLimit(len);
    const ptr = this.#exports.alloc(len) >>> 0;
    if (len > 0) {
      if (ptr === 0) throw this.#broken(`__alloc_buffer(${len}) returned 0`);
      this.#checkRange("__alloc_buffer", ptr, len).set(bytes, ptr);
    }
    return packBuffer({ ptr, len });
  }

  /**
   * Copies a buffer of the guest out of its memory, and frees it there.
   *
   * @param packed What the guest gave; any value is possible, and an empty buffer may lie anywhere.
   * @param spare Memory the caller gives up: the copy is put into it when it fits, since touching fresh
   *   memory costs more than the copy.
   * @returns A copy the caller owns.
   * @throws {PluginTrapError} when the range lies outside the guest's memory.
   * @throws {PluginLimitError} when it is longer than `messageBytes`; the buffer is freed.
   */
  take(packed: bigint, spare?: ArrayBuffer): Uint8Array<ArrayBuffer> {
    if (typeof packed !== "bigint") {
      throw this.#broken(`${typeof packed} (must be an i64)`);
    }
    const { ptr, len } = unpackBuffer(packed);
    const view = len === 0 ? NOTHING : this.#checkRange("the guest", ptr, len);
    try {
      this.#checkLimit(len);
      if (spare === undefined || len > spare.byteLength) return view.slice(ptr, ptr + len);
      const copy = new Uint8Array(spare, 0, len);
      copy.set(view.subarray(ptr, ptr + len));
      return copy;
    } finally {
      this.#exports.free(packed);
    }
  }

  /** Returns a view of linear memory, good until the guest runs again, in which the range lies. */
  #checkRange(giver: string, ptr: number, len: number): Uint8Array<ArrayBuffer> {
    const view = this.#view;
    if (ptr + len <= view.length) return view;
    const range = `bytes ${ptr} to ${ptr + len}`;
    throw this.#broken(`${giver} returned ${range} of a memory of ${view.length}`);
  }

  #checkLimit(len: number): void {
    const allowed = this.#limits.messageBytes;
    if (len <= allowed) return;
    throw limitError(this.#pluginName, { limit: "messageBytes", value: len, allowed });
  }

  #broken(found: string): PluginTrapError {
    return new PluginTrapError(`Invalid buffer of plugin "${this.#pluginName}": ${found}`, {
      pluginName: this.#pluginName,
      guestStack: "",
      stderr: "",
    });
  }
}

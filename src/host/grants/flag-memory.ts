/**
 * The shared memory through which the page interrupts guests: one page of 64 KiB for all plugins,
 * because a tab can hold few memories, with a slot of one number for each plugin.
 *
 * An instance may run while its slot has the number that it was started with; the page increments the
 * number to interrupt it. An interrupted instance therefore stays interrupted when its slot is reused.
 */

import type { Flag } from "../../protocol/start-options.ts";

const PAGE_BYTES = 64 * 1024;

/** One plugin's slot in the flag memory. */
export class FlagPlace {
  readonly address: number;
  readonly #memory: FlagMemory;

  /** Only {@link FlagMemory} calls it. */
  constructor(memory: FlagMemory, address: number) {
    this.#memory = memory;
    this.address = address;
  }

  /** What an instance gets when it starts. */
  flag(): Flag {
    const { memory, numbers } = this.#memory;
    return { memory, address: this.address, generation: Atomics.load(numbers, this.#index) };
  }

  /** Interrupts the instance that got {@link flag} last, and wakes it if it sleeps. */
  interrupt(): void {
    const { numbers } = this.#memory;
    Atomics.add(numbers, this.#index, 1);
    Atomics.notify(numbers, this.#index);
  }

  /** Interrupts the instance and frees the slot. Must be called once at most. */
  release(): void {
    this.interrupt();
    this.#memory.free.push(this.address);
  }

  get #index(): number {
    return this.address / Int32Array.BYTES_PER_ELEMENT;
  }
}

class FlagMemory {
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({
    initial: 1,
    maximum: 1,
    shared: true,
  });
  readonly numbers: Int32Array = new Int32Array(this.memory.buffer);
  /** Addresses of slots that were released. */
  readonly free: number[] = [];
  #next = 0;

  take(): FlagPlace | undefined {
    const address = this.free.pop() ?? this.#next;
    if (address >= PAGE_BYTES) return undefined;
    if (address === this.#next) this.#next += Int32Array.BYTES_PER_ELEMENT;
    return new FlagPlace(this, address);
  }
}

/** Created when it is first needed, and shared by all plugins of the page. */
let flagMemory: FlagMemory | undefined;

/**
 * Takes a slot for one plugin: `undefined` when all 16,384 are taken or the browser allows the page no
 * further memory. Needs a cross-origin isolated page.
 */
export function takeFlagPlace(): FlagPlace | undefined {
  try {
    flagMemory ??= new FlagMemory();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return flagMemory.take();
}

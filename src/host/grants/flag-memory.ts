/**
 * The memory in which the page tells guests to stop: one page of 64 KiB for all plugins, since a tab
 * has room for few memories, with a number for each plugin.
 *
 * An instance may run while the number is the one that it was started with. The page interrupts it
 * by counting on. So the place can be used again at once, even by a fresh instance of the same
 * module: one that was interrupted stays so.
 */

import type { Flag } from "../../protocol/start-options.ts";

const PAGE_BYTES = 64 * 1024;

/** The part of the flag memory that one plugin has. */
export class FlagPlace {
  readonly address: number;
  readonly #memory: FlagMemory;

  /** For {@link FlagMemory} alone. */
  constructor(memory: FlagMemory, address: number) {
    this.#memory = memory;
    this.address = address;
  }

  /** What an instance that starts now is given. */
  flag(): Flag {
    const { memory, numbers } = this.#memory;
    return { memory, address: this.address, generation: Atomics.load(numbers, this.#index) };
  }

  /** Interrupts the instance that was given {@link flag} last, also while it sleeps. */
  interrupt(): void {
    const { numbers } = this.#memory;
    Atomics.add(numbers, this.#index, 1);
    Atomics.notify(numbers, this.#index);
  }

  /** Interrupts it for good, and gives the place back. Once. */
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
  /** Addresses that were given back. */
  readonly free: number[] = [];
  #next = 0;

  take(): FlagPlace | undefined {
    const address = this.free.pop() ?? this.#next;
    if (address >= PAGE_BYTES) return undefined;
    if (address === this.#next) this.#next += Int32Array.BYTES_PER_ELEMENT;
    return new FlagPlace(this, address);
  }
}

/** Made when it is first needed. The page's plugins share it; nothing else in this library is shared. */
let flagMemory: FlagMemory | undefined;

/**
 * A place for one plugin, or `undefined` when all 16,384 are taken, or the page has as many memories
 * as it may have. Needs an isolated page.
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

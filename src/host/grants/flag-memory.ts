/**
 * The shared memories through which the page interrupts guests, of 64 KiB each, with a slot of one
 * number at each address.
 *
 * An instance may run while its slot has the number that it was started with; the page increments the
 * number to interrupt it. An interrupted instance therefore stays interrupted when its slot is reused. Its
 * code compares the lowest byte alone, which comes around after 256 interrupts: by then the browser should
 * have ended it.
 *
 * The address of the slot is compiled into a module, and only the memory is linked to an instance. So
 * plugins of one compiled module have their slots at one address of several memories, and plugins of
 * other modules have theirs in the same memories.
 */

import type { Flag } from "../../protocol/start-options.ts";

const PAGE_BYTES = 64 * 1024;

/**
 * How many memories there may be: so many plugins share one compiled module, and the next one compiles
 * it for another address. 8: a tab has room for some 120 memories, and each plugin needs one itself.
 */
export const MAX_FLAG_MEMORIES = 8;

class FlagMemory {
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({
    initial: 1,
    maximum: 1,
    shared: true,
  });
  readonly numbers: Int32Array = new Int32Array(this.memory.buffer);
}

/** Each is created when it is first needed, and shared by all plugins of the page. */
const memories: FlagMemory[] = [];

/** Addresses that were freed. */
const freeAddresses: number[] = [];
let nextAddress = 0;

/** The memory of an index: `undefined` where there may be none, or the browser allows no further one. */
function memoryAt(index: number): FlagMemory | undefined {
  const made = memories[index];
  if (made !== undefined || index >= MAX_FLAG_MEMORIES) return made;
  try {
    const memory = new FlagMemory();
    memories[index] = memory;
    return memory;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The address that a module is compiled for. */
export class FlagAddress {
  readonly address: number;
  /** By the index of the memory: which slots at this address are taken. */
  readonly #taken: Set<number> = new Set();
  #isDropped = false;

  /** Only {@link takeFlagAddress} calls it. */
  constructor(address: number) {
    this.address = address;
  }

  /** Takes a slot for one plugin: `undefined` when none is left at this address. */
  take(): FlagPlace | undefined {
    let index = 0;
    while (this.#taken.has(index)) index += 1;
    const memory = memoryAt(index);
    if (memory === undefined) return undefined;
    this.#taken.add(index);
    return new FlagPlace(memory, this.address, () => {
      this.#taken.delete(index);
      this.#freeWhenUnused();
    });
  }

  /** Frees the address once its slots are released: no further one is taken. Must be called once. */
  drop(): void {
    this.#isDropped = true;
    this.#freeWhenUnused();
  }

  #freeWhenUnused(): void {
    if (this.#isDropped && this.#taken.size === 0) freeAddresses.push(this.address);
  }
}

/** One plugin's slot. */
export class FlagPlace {
  readonly #memory: FlagMemory;
  readonly #address: number;
  readonly #onRelease: () => void;

  /** Only {@link FlagAddress} calls it. */
  constructor(memory: FlagMemory, address: number, onRelease: () => void) {
    this.#memory = memory;
    this.#address = address;
    this.#onRelease = onRelease;
  }

  /** What an instance gets when it starts. */
  flag(): Flag {
    const { memory, numbers } = this.#memory;
    return { memory, address: this.#address, generation: Atomics.load(numbers, this.#index) };
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
    this.#onRelease();
  }

  get #index(): number {
    return this.#address / Int32Array.BYTES_PER_ELEMENT;
  }
}

/**
 * Takes an address for one module: `undefined` when all 16,384 are taken or the browser allows the page
 * no further memory. A slot can be taken at it. Needs a cross-origin isolated page.
 */
export function takeFlagAddress(): FlagAddress | undefined {
  if (memoryAt(0) === undefined) return undefined;
  const address = freeAddresses.pop() ?? nextAddress;
  if (address >= PAGE_BYTES) return undefined;
  if (address === nextAddress) nextAddress += Int32Array.BYTES_PER_ELEMENT;
  return new FlagAddress(address);
}

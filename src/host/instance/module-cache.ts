/**
 * Compiled modules, which plugins of the same bytes share: the second one costs no second rewriting and
 * compiling.
 *
 * A module is found by all that it was made from: the hash of its bytes, and what it was compiled for.
 * Workers compile before any code of a guest has run in them, so no guest can pass another module off.
 */

import type { CompiledModule, CompileOptions } from "../../protocol/compiled-module.ts";
import { MODULE_LIMITS, type ModuleLimits } from "../../rewrite/module-bounds.ts";
import type { FlagAddress, FlagPlace } from "../grants/flag-memory.ts";
import type { WorkerChoice } from "../platform/worker-choice.ts";

/**
 * Bytes of the modules that are kept, as they came. 64 MiB: CPython and Ruby together; the code that a
 * browser makes of them takes several times as much.
 */
const MAX_BYTES = 64 * 1024 * 1024;

/** 64 modules, however small: each has objects in several processes of the browser. */
const MAX_MODULES = 64;

/** What a module is found by. */
export interface ModuleKey {
  readonly byteLength: number;
  /** All that it is made from. `undefined` where the bytes cannot be hashed. */
  readonly text: Promise<string | undefined>;
}

/** A module, and with `"epoch"` the slot of the plugin that uses it. */
export interface TakenModule {
  readonly module: CompiledModule;
  readonly flagPlace: FlagPlace | undefined;
}

/** A module that is being compiled. */
export interface CompilingModule {
  readonly compiling: Promise<CompiledModule>;
  readonly flagPlace: FlagPlace | undefined;
}

interface KeptModule {
  readonly byteLength: number;
  readonly text: string;
  readonly module: CompiledModule;
  readonly flagAddress: FlagAddress | undefined;
}

/** A module that others wait for. */
interface PendingModule extends ModuleKey {
  /** Resolves when it is kept, or will not be. */
  readonly done: Promise<void>;
}

/**
 * The key of a module, whose bytes are hashed before this returns a promise of it, so they can be given
 * up. `undefined` for what is not shared: a module that cannot leave its worker, and one that comes
 * from a worker which some function of the page has made.
 *
 * @param hash Of the bytes, where it was made before.
 */
export function moduleKey(
  {
    source,
    role,
    hostFunctions,
    limits,
    interruption,
    isKept,
  }: Omit<CompileOptions, "flagAddress">,
  { worker, wasi }: Pick<WorkerChoice, "worker" | "wasi">,
  hash?: Promise<string | undefined>,
): ModuleKey | undefined {
  if (!(source instanceof Uint8Array) || isKept || typeof worker === "function") return undefined;
  const script = numberOf(worker === undefined ? (wasi?.workerSource ?? "") : String(worker));
  const names = Object.keys(MODULE_LIMITS) as (keyof ModuleLimits)[];
  const amounts = names.map((name) => String(limits[name]));
  const madeFor = JSON.stringify([role, hostFunctions, amounts, interruption, script]);
  const text = (hash ?? hashOf(source)).then((known) => known && `${known} ${madeFor}`);
  return { byteLength: source.byteLength, text };
}

/** The scripts that compile, which may be long, by number. */
const scripts: Map<string, number> = new Map();

/** The number of a script: its text or its address. */
function numberOf(script: string): number {
  const known = scripts.get(script) ?? scripts.size;
  scripts.set(script, known);
  return known;
}

/** Bytes that several plugins are loaded from: hashed once, and copied only to be compiled. */
export class SharedBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #hash: Promise<string | undefined>;

  /** Whether a caller's value, which may be anything, is of this class: `instanceof` throws for a revoked proxy. */
  static is(value: unknown): value is SharedBytes {
    return typeof value === "object" && value !== null && #hash in value;
  }

  /** @param bytes Nobody changes them. */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
    this.#hash = hashOf(bytes);
  }

  get hash(): Promise<string | undefined> {
    return this.#hash;
  }
}

/** The hash of bytes, where the page may make one: `crypto.subtle` needs a secure context. */
async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  try {
    const hash = await globalThis.crypto.subtle.digest("SHA-256", bytes);
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return undefined;
  }
}

export class ModuleCache {
  /** The one that was used last is the last. */
  readonly #kept: Set<KeptModule> = new Set();
  readonly #pending: Set<PendingModule> = new Set();
  readonly #maxBytes: number;
  readonly #maxModules: number;

  constructor(maxBytes: number = MAX_BYTES, maxModules: number = MAX_MODULES) {
    this.#maxBytes = maxBytes;
    this.#maxModules = maxModules;
  }

  /** How many modules are kept. */
  get size(): number {
    return this.#kept.size;
  }

  /**
   * Takes a module that was compiled before, or waits for one that is being compiled, or has it compiled.
   * Does not wait for the hash of a module whose length no other has. Never rejects.
   *
   * @param flagAddress What it is compiled for, with `"epoch"`. Given up: the cache drops it.
   * @param compile Has it compiled, with a slot at that address.
   */
  async obtain(
    key: ModuleKey,
    flagAddress: FlagAddress | undefined,
    compile: () => CompilingModule,
  ): Promise<TakenModule | CompilingModule> {
    const taken = this.#hasSimilar(key) ? await this.#find(key) : undefined;
    if (taken !== undefined) {
      flagAddress?.drop();
      return taken;
    }
    const compiling = compile();
    this.#keep(key, compiling.compiling, flagAddress);
    return compiling;
  }

  #hasSimilar({ byteLength }: ModuleKey): boolean {
    const all = [...this.#pending, ...this.#kept];
    return all.some((other) => other.byteLength === byteLength);
  }

  async #find({ text: whenHashed }: ModuleKey): Promise<TakenModule | undefined> {
    const text = await whenHashed;
    if (text === undefined) return undefined;
    const taken = this.#take(text);
    if (taken !== undefined) return taken;
    for (const pending of this.#pending) {
      if ((await pending.text) !== text) continue;
      // Once: if that one fails, this one most likely does too.
      await pending.done;
      return this.#take(text);
    }
    return undefined;
  }

  #take(text: string): TakenModule | undefined {
    for (const kept of this.#kept) {
      if (kept.text !== text) continue;
      const { module, flagAddress } = kept;
      const flagPlace = flagAddress?.take();
      // All slots at its address are taken; another one may be compiled for another address.
      if (flagAddress !== undefined && flagPlace === undefined) continue;
      this.#kept.delete(kept);
      this.#kept.add(kept);
      return { module, flagPlace };
    }
    return undefined;
  }

  /** Keeps a module once it is compiled, in place of those that were not used for the longest time. */
  #keep(
    key: ModuleKey,
    compiling: Promise<CompiledModule>,
    flagAddress: FlagAddress | undefined,
  ): void {
    const pending = { ...key, done: this.#keepWhenCompiled(key, compiling, flagAddress) };
    this.#pending.add(pending);
    void pending.done.then(() => this.#pending.delete(pending));
  }

  async #keepWhenCompiled(
    { byteLength, text: whenHashed }: ModuleKey,
    compiling: Promise<CompiledModule>,
    flagAddress: FlagAddress | undefined,
  ): Promise<void> {
    try {
      const [text, module] = await Promise.all([whenHashed, compiling]);
      if (text === undefined || byteLength > this.#maxBytes) flagAddress?.drop();
      else this.#kept.add({ byteLength, text, module, flagAddress });
      this.#evict();
    } catch {
      // What fails is not kept.
      flagAddress?.drop();
    }
  }

  #evict(): void {
    let bytes = 0;
    for (const { byteLength } of this.#kept) bytes += byteLength;
    for (const kept of this.#kept) {
      if (bytes <= this.#maxBytes && this.#kept.size <= this.#maxModules) return;
      this.#kept.delete(kept);
      bytes -= kept.byteLength;
      kept.flagAddress?.drop();
    }
  }
}

/** That of the page. */
export const moduleCache: ModuleCache = new ModuleCache();

/** The forms of one module, each with an instance and a host of its own. */

import { readModuleLayout } from "../src/abi/module-layout.ts";
import { DEFAULT_LIMITS } from "../src/limits.ts";
import type { Flag } from "../src/protocol/start-options.ts";
import type { Interruption } from "../src/rewrite/form.ts";
import type { ModuleHooks } from "../src/rewrite/module-hooks.ts";
import { type RewrittenModule, rewriteModule } from "../src/rewrite/rewrite-module.ts";
import { attachHooks, hookImports } from "../src/worker/linking.ts";
import { describe } from "./describe.ts";
import { GuestHost } from "./guest-host.ts";

/** Raised where they would refuse what the generator likes to make. */
const LIMITS = {
  ...DEFAULT_LIMITS,
  memories: 8,
  tableElements: 100_000,
  gcTypes: Infinity,
  sharedMemories: 8,
  tagValues: Infinity,
  types: Infinity,
};

/** Where in the flag memory a module's number is: not at 0, as that of a later plugin is. */
const FLAG_ADDRESS = 400;
const RUNNING = 7;
const INTERRUPTED = 8;

/** One for all: a browser has room for some hundred memories, and only one side runs at a time. */
const FLAG: Flag = {
  memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
  address: FLAG_ADDRESS,
  generation: RUNNING,
};

function setFlag(value: number): void {
  new Int32Array(FLAG.memory.buffer)[FLAG_ADDRESS / 4] = value;
}

export function rewrite(
  bytes: Uint8Array<ArrayBuffer>,
  interruption: Interruption,
): RewrittenModule {
  return rewriteModule(bytes, readModuleLayout(bytes), {
    pluginName: "fuzz",
    limits: LIMITS,
    interruption,
    flagAddress: FLAG_ADDRESS,
    isTraced: true,
  });
}

export interface SideOptions {
  /** For `"fuel"`: how many units it has at first, and gets each time that it has none left. */
  readonly fuel?: bigint;
  /** For `"fuel"`: how long after its start it still gets more. */
  readonly refillMs?: number;
  /** What it imports, if not a host that only takes notes. */
  readonly imports?: WebAssembly.Imports;
}

/** An instance, and what it did to its host. */
export class Side {
  readonly name: string;
  readonly #host: GuestHost = new GuestHost(() => Object.fromEntries(this.exports()));
  readonly #module: WebAssembly.Module;
  readonly #hooks: ModuleHooks | undefined;
  /** How many units it has been given so far. */
  #fuel: bigint;
  readonly #refillMs: number;
  readonly #imports: WebAssembly.Imports;
  #instance: WebAssembly.Instance | undefined;
  #isUp = false;
  #isOutOfFuel = false;

  /**
   * @param form What to make of the module; `undefined` leaves it as it is.
   */
  constructor(
    bytes: Uint8Array<ArrayBuffer>,
    form: Interruption | undefined,
    { fuel = 0n, refillMs = 0, imports = {} }: SideOptions = {},
  ) {
    const rewritten = form === undefined ? undefined : rewrite(bytes, form);
    this.name = form ?? "original";
    this.#fuel = fuel;
    this.#refillMs = refillMs;
    this.#hooks = rewritten?.hooks;
    const original = new WebAssembly.Module(bytes);
    this.#module = rewritten === undefined ? original : new WebAssembly.Module(rewritten.bytes);
    this.#imports = this.#host.importsFor(original, imports);
    Object.assign(this.#imports, hookImports(this.#hooks, FLAG));
  }

  /** Instantiates the module and runs its start function. */
  start(): void {
    setFlag(RUNNING);
    this.#instance = new WebAssembly.Instance(this.#module, this.#imports);
    const { start, fuel, refill } = this.#hooks ?? {};
    attachHooks(this.#hooks, this.#instance.exports, { flag: FLAG, meter: undefined });
    if (fuel !== undefined) this.#global(fuel).value = this.#fuel;
    if (refill !== undefined) {
      const call = this.#refiller(fuel ?? "");
      (this.#export(refill) as WebAssembly.Table).set(0, asGuestFunction(call));
    }
    if (start !== undefined) this.call(start, []);
    this.#isUp = true;
  }

  /** Whether it has started: before, and if its start traps, nothing of it can be looked at. */
  get isUp(): boolean {
    return this.#isUp;
  }

  get isOutOfFuel(): boolean {
    return this.#isOutOfFuel;
  }

  /** Whether it ran out of stack without anybody being told. */
  get hasOverflown(): boolean {
    return this.#host.hasOverflown;
  }

  /** How many units it has used, for `"fuel"`: 0 where it did not start. */
  get fuelUsed(): bigint {
    const name = this.#hooks?.fuel;
    if (name === undefined || !this.isUp) return 0n;
    return this.#fuel - (this.#global(name).value as bigint);
  }

  /** From now on every check traps, for `"epoch"`, until another one starts. */
  interrupt(): void {
    setFlag(INTERRUPTED);
  }

  call(name: string, args: readonly unknown[]): unknown {
    return (this.#export(name) as (...args: readonly unknown[]) => unknown)(...args);
  }

  /** What it exports of a kind that it exported before it was rewritten, by name. */
  exports(): ReadonlyMap<string, WebAssembly.ExportValue> {
    if (!this.#isUp) return new Map();
    const { start, generation, fuel, refill } = this.#hooks ?? {};
    const added = [start, generation, fuel, refill];
    const entries = Object.entries(this.#instance?.exports ?? {});
    return new Map(entries.filter(([name]) => !added.includes(name)));
  }

  /** Everything of its state that can be seen from outside and is not in a memory. */
  state(): readonly string[] {
    const parts = [...this.#host.log];
    for (const [name, value] of this.exports()) {
      if (value instanceof WebAssembly.Global) parts.push(`${name} = ${describeGlobal(value)}`);
      else if (value instanceof WebAssembly.Table) parts.push(`${name}: ${describeTable(value)}`);
      else if (value instanceof WebAssembly.Memory) {
        parts.push(`${name}: ${value.buffer.byteLength} bytes`);
      }
    }
    return parts;
  }

  memories(): WebAssembly.Memory[] {
    return [...this.exports().values()].filter((value) => value instanceof WebAssembly.Memory);
  }

  /** What is called where there is no fuel left: answers 1 once there is more, 0 for the end. */
  #refiller(fuelName: string): () => number {
    const portion = this.#fuel;
    const endMs = performance.now() + this.#refillMs;
    return () => {
      if (performance.now() >= endMs) {
        this.#isOutOfFuel = true;
        return 0;
      }
      this.#fuel += portion;
      this.#global(fuelName).value += portion;
      return 1;
    };
  }

  #global(name: string): WebAssembly.Global {
    return this.#export(name) as WebAssembly.Global;
  }

  #export(name: string): WebAssembly.ExportValue | undefined {
    return this.#instance?.exports[name];
  }
}

function describeGlobal(global: WebAssembly.Global): string {
  try {
    return describe(global.value);
  } catch {
    return "a v128";
  }
}

function describeTable(table: WebAssembly.Table): string {
  const items = Array.from({ length: Math.min(table.length, 64) }, (_, index) => table.get(index));
  return `${table.length} of ${describe(items)}`;
}

/** `(func (import "" "f") (result i32))`, exported as "f": what a table of functions takes. */
const ADAPTER = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7f],
  ...[2, 6, 1, 0, 1, 0x66, 0, 0],
  ...[7, 5, 1, 1, 0x66, 0, 0],
]);

function asGuestFunction(call: () => number): unknown {
  const module = new WebAssembly.Module(ADAPTER);
  return new WebAssembly.Instance(module, { "": { f: call } }).exports["f"];
}

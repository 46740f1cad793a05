/**
 * The imports of the generator's modules, as in binaryen's `fuzz_shell.js`: functions that log, and some
 * through which a guest calls itself from outside.
 */

import { describe, isStackOverflow } from "./describe.ts";

/** TypeScript does not declare these yet. */
const { Tag, Exception, JSTag } = WebAssembly as unknown as {
  readonly Tag: new (type: { parameters: string[] }) => object;
  readonly Exception: new (tag: object, values: unknown[]) => object;
  readonly JSTag?: object;
};

const LONGEST_LOG = 100_000;

export class GuestHost {
  /** The guest's log, in order. */
  readonly log: string[] = [];
  /** Whether a stack overflow was caught inside. */
  hasOverflown = false;
  readonly #exports: () => WebAssembly.Exports;
  readonly #tag: object = new Tag({ parameters: ["i32"] });

  /** @param exports Returns the guest's exports. */
  constructor(exports: () => WebAssembly.Exports) {
    this.#exports = exports;
  }

  /** All imports of a module, preferably from `given`. */
  importsFor(module: WebAssembly.Module, given: WebAssembly.Imports): WebAssembly.Imports {
    const imports: WebAssembly.Imports = {};
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
      const value = given[from]?.[name] ?? this.#valueOf(kind, from, name);
      if (value !== undefined) (imports[from] ??= {})[name] = value;
    }
    return imports;
  }

  #valueOf(kind: string, from: string, name: string): WebAssembly.ImportValue | undefined {
    switch (kind) {
      case "function":
        return this.#functions[name] ?? ((...args: unknown[]) => this.#note(from, name, args));
      case "global":
        return new WebAssembly.Global({ value: "externref" }, "a value of the host");
      case "tag":
        return (name === "jstag" ? JSTag : this.#tag) as WebAssembly.ImportValue;
      default:
        return undefined;
    }
  }

  readonly #functions: Readonly<Record<string, (...args: never[]) => unknown>> = {
    throw: (which: number) => {
      throw which === 0 ? new Error("the host's") : new Exception(this.#tag, [which]);
    },
    "table-get": (index: number) => this.#table.get(index >>> 0),
    "table-set": (index: number, value: unknown) => this.#table.set(index >>> 0, value),
    "call-export": (index: number) => this.#call(this.#export(index)),
    "call-export-catch": (index: number) => this.#catching(() => this.#call(this.#export(index))),
    "call-ref": (reference: unknown) => this.#call(reference),
    "call-ref-catch": (reference: unknown) => this.#catching(() => this.#call(reference)),
    sleep: (_ms: number, value: number) => value,
  };

  #note(from: string, name: string, args: readonly unknown[]): void {
    if (this.log.length < LONGEST_LOG) this.log.push(`${from}.${name}${describe(args)}`);
  }

  get #table(): WebAssembly.Table {
    const { table } = this.#exports();
    if (table instanceof WebAssembly.Table) return table;
    throw new TypeError("no table");
  }

  #export(index: number): unknown {
    const values = Object.values(this.#exports());
    return values[(index >>> 0) % values.length];
  }

  #call(target: unknown): void {
    if (typeof target !== "function") throw new TypeError("no function");
    const zeros = Array.from({ length: target.length }, () => "0");
    this.#note("host", "called", [target(...zeros)]);
  }

  #catching(run: () => void): number {
    try {
      run();
      return 0;
    } catch (error) {
      if (isStackOverflow(error)) this.hasOverflown = true;
      return 1;
    }
  }
}

/** Rewrites the functions of a module, in Wasm: see `assembly/index.ts`. */

import { BinaryReader } from "../abi/binary-reader.ts";
import type { ModuleLayout } from "../abi/module-layout.ts";
import type { WrittenFunctionType } from "../abi/type-section.ts";
import { decodeBase64 } from "./base64.ts";
import { replaceBulk } from "./bulk.ts";
import { CODE_REWRITER } from "./code-rewriter-wasm.ts";
import type { CodeTrace } from "./code-trace.ts";
import type { Form } from "./form.ts";
import type { ModuleBounds, ModuleLimits } from "./module-bounds.ts";
import type { ModuleBuilder } from "./module-builder.ts";

/** What is rewritten, and how. */
interface Job {
  readonly layout: ModuleLayout;
  /** Where the functions are: in the code section, after their count. */
  readonly section: { readonly count: number; readonly start: number; readonly end: number };
  readonly form: Form;
  /** Gets what is added. */
  readonly builder: ModuleBuilder;
  /** What no function may exceed, and whoever is told if one does: then no more are written, but all are read. */
  readonly limits: Pick<ModuleLimits, "functionBytes" | "functionComplexity">;
  readonly bounds: ModuleBounds;
  /** Notes where code moves to, if anybody asks. */
  readonly trace: CodeTrace | undefined;
}

interface Exports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  heap(): number;
  setForm(form: number, check: number, checkBytes: number, fuel: number, isTraced: number): void;
  setModule(
    types: number,
    typeCount: number,
    functions: number,
    functionCount: number,
    uncheckedSteps: number,
    caught: number,
  ): void;
  setRoom(blocks: number, sites: number): void;
  setFunctions(
    first: number,
    count: number,
    bytes: number,
    complexity: number,
    isWriting: number,
  ): void;
  passExpression(start: number, end: number): number;
  rewrite(input: number, length: number, rest: number, output: number, mostOutput: number): number;
  readonly left: WebAssembly.Global<"i32">;
  readonly wanted: WebAssembly.Global<"i32">;
  readonly written: WebAssembly.Global<"i32">;
  readonly mostBytes: WebAssembly.Global<"i32">;
  readonly mostComplexity: WebAssembly.Global<"f64">;
  readonly problem: WebAssembly.Global<"i32">;
  readonly problemAt: WebAssembly.Global<"i32">;
  readonly problemValue: WebAssembly.Global<"i32">;
}

/** The bytes of code that are rewritten at once, where no function is longer. */
const PART_BYTES = 128 * 1024;
/** The most that open blocks and sites take for each byte of a function: a block has two bytes, a site one. */
const ROOM_PER_BYTE = { blocks: 16, sites: 20 };
const PAGE_BYTES = 64 * 1024;
/** A number that fits. Browsers allow a tenth of it. */
const MAX_FUNCTION_BYTES = 64 * 1024 * 1024;
/** Behind the input, since words are read from it. */
const SLACK_BYTES = 64;

/** In the index of a function: it is called in the place of a bulk operation. */
const INSTEAD = 0x80000000;

/** By their numbers in `assembly/reader.ts`. */
const PROBLEMS: readonly ((value: number) => string)[] = [
  () => "out of memory",
  () => "unexpected end",
  () => "code after the end of a function",
  () => "integer longer than 32 bits",
  () => "integer longer than 64 bits",
  unknown("instruction"),
  unknown("type"),
  unknown("alignment"),
  unknown("handler"),
  (index) => `function ${index} has no function type`,
];

function unknown(what: string): (value: number) => string {
  return (value) => `unknown ${what} 0x${value.toString(16)}`;
}

let compiled: WebAssembly.Module | undefined;

export class CodeRewriter {
  readonly #bytes: Uint8Array;
  readonly #exports: Exports;
  /** Where memory is free. */
  #free: number;
  #job: Job | undefined;
  /** From addresses in the memory to positions in the module, and in all that is written. */
  #offsets: { input: number; output: number } = { input: 0, output: 0 };

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    compiled ??= new WebAssembly.Module(decodeBase64(CODE_REWRITER));
    this.#exports = new WebAssembly.Instance(compiled, { host: this.#host() }).exports as Exports;
    this.#free = this.#exports.heap();
  }

  /** What the Wasm code calls where it inserts something for the first time. */
  #host(): WebAssembly.ModuleImports {
    const job = () => this.#job as Job;
    return {
      refill: () => job().form.refill(),
      blockType: (index: number) =>
        job().form.blockType(job().layout.types[index] as WrittenFunctionType),
      bulk: (op: number, first: number, second: number) => {
        const { builder, form } = job();
        const indexes = [first >>> 0, second >>> 0] as const;
        const { callee, isInstead } = replaceBulk(builder, op, indexes, form.charge);
        return isInstead ? callee | INSTEAD : callee;
      },
      copied: (from: number, to: number) =>
        job().trace?.copied((from >>> 0) + this.#offsets.input, to >>> 0),
      placed: (body: number) => job().trace?.placed((body >>> 0) + this.#offsets.output),
    };
  }

  /** Skips a constant expression with its `end`. Returns the position after it. */
  passExpression(start: number, end: number): number {
    const at = this.#free;
    this.#makeRoom(at + end - start + SLACK_BYTES);
    this.#write(this.#bytes.subarray(start, end), at);
    return (
      this.#run(start - at, () => this.#exports.passExpression(at, at + end - start)) + start - at
    );
  }

  /**
   * Rewrites all functions of a module.
   *
   * @param onPart Receives what is written, part after part: views, each valid until it returns.
   */
  rewrite(job: Job, onPart: (written: Uint8Array) => void): void {
    const { start, end } = job.section;
    const exports = this.#exports;
    this.#job = job;
    this.#describe(job);
    let capacity = PART_BYTES;
    let position = start;
    let written = 0;
    while (exports.left.value > 0) {
      capacity = Math.max(capacity, exports.wanted.value);
      const rest = end - position;
      const length = Math.min(capacity, rest);
      const input = this.#place(capacity);
      const output = input + capacity + SLACK_BYTES;
      this.#write(this.#bytes.subarray(position, position + length), input);
      this.#offsets = { input: position - input, output: written - output };
      try {
        position += this.#run(position - input, () =>
          exports.rewrite(input, length, rest, output, PART_BYTES * 4),
        );
      } finally {
        job.bounds.check("functionBytes", exports.mostBytes.value);
        job.bounds.check("functionComplexity", exports.mostComplexity.value);
      }
      const partBytes = exports.written.value - output;
      written += partBytes;
      onPart(new Uint8Array(exports.memory.buffer, output, partBytes));
    }
  }

  /** Writes what the code refers to into the memory. */
  #describe({ layout, section, form, limits, bounds, trace }: Job): void {
    const { types, functions, tags, imports } = layout;
    const { kind, check, fuel } = form;
    const exports = this.#exports;
    const checkAt = this.#free;
    const typesAt = checkAt + SLACK_BYTES;
    const functionsAt = typesAt + types.length * 12;
    const uncheckedStepsAt = functionsAt + functions.length * 4;
    // Words follow.
    this.#free = (uncheckedStepsAt + functions.length + 7) & ~7;
    this.#makeRoom(this.#free);
    this.#write(check, checkAt);
    const numbers = new Int32Array(exports.memory.buffer, typesAt);
    const indexes = new Map<WrittenFunctionType | undefined, number>([[undefined, -1]]);
    for (const [index, type] of types.entries()) {
      numbers[index * 3] = type?.params.length ?? -1;
      numbers[index * 3 + 1] = type?.results.length ?? 0;
      if (type !== undefined) indexes.set(type, index);
    }
    let at = types.length * 3;
    for (const type of functions) numbers[at++] = indexes.get(type) as number;
    const caught = tags.reduce((most, tag) => Math.max(most, tag?.params.length ?? 0), 0);
    exports.setModule(
      typesAt,
      types.length,
      functionsAt,
      functions.length,
      uncheckedStepsAt,
      caught,
    );
    exports.setForm(kind, checkAt, check.length, fuel, trace === undefined ? 0 : 1);
    exports.setFunctions(
      imports.filter((each) => each.kind === "function").length,
      section.count,
      Math.min(limits.functionBytes, MAX_FUNCTION_BYTES),
      limits.functionComplexity,
      bounds.isExceeded ? 0 : 1,
    );
  }

  /** Makes room for an input of some bytes, and what is kept of it. Returns where it begins. */
  #place(capacity: number): number {
    const sites = this.#free + ROOM_PER_BYTE.blocks * capacity + SLACK_BYTES;
    const input = sites + ROOM_PER_BYTE.sites * capacity + SLACK_BYTES;
    this.#exports.setRoom(this.#free + SLACK_BYTES, sites);
    this.#makeRoom(input + 8 * capacity);
    return input;
  }

  #makeRoom(bytes: number): void {
    const { memory } = this.#exports;
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  }

  #write(bytes: ArrayLike<number>, at: number): void {
    new Uint8Array(this.#exports.memory.buffer).set(bytes, at);
  }

  /** @param offset From addresses in the memory to positions in the module. @throws {TypeError} */
  #run(offset: number, work: () => number): number {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      const { problem, problemAt, problemValue } = this.#exports;
      const describe = PROBLEMS[problem.value] ?? unknown("problem");
      const reader = new BinaryReader(this.#bytes);
      throw reader.malformed(describe(problemValue.value >>> 0), problemAt.value + offset);
    }
  }
}

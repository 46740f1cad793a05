/** The least that can call the plugin `double`, in whichever thread it is made: what a host costs at minimum. */

interface DoubleExports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  readonly _initialize: () => void;
  readonly __alloc_buffer: (length: number) => number;
  readonly __free_buffer: (buffer: bigint) => void;
  readonly __double: (args: bigint) => bigint;
}

const LENGTH_BYTES = 8;
const WASI_ENOSYS = 52;

export class BareHost {
  readonly #exports: DoubleExports;

  constructor(module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module, wasiStub(module));
    this.#exports = exports as DoubleExports;
    this.#exports._initialize();
  }

  /** Doubles each number, into a fresh array. */
  double(input: Float64Array): Float64Array<ArrayBuffer> {
    return this.#call(input, (memory, start, end) => new Float64Array(memory.slice(start, end)));
  }

  /** Doubles each number, into an array of the same length, which may be the input. */
  doubleInto(input: Float64Array, output: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
    const bytes = new Uint8Array(output.buffer, output.byteOffset, output.byteLength);
    return this.#call(input, (memory, start, end) => {
      bytes.set(new Uint8Array(memory, start, end - start));
      return output;
    });
  }

  #call<T>(input: Float64Array, take: (memory: ArrayBuffer, start: number, end: number) => T): T {
    const { memory, __alloc_buffer, __free_buffer, __double } = this.#exports;
    const length = LENGTH_BYTES + input.byteLength;
    const at = __alloc_buffer(length) >>> 0;
    new DataView(memory.buffer).setBigUint64(at, BigInt(input.length), true);
    new Uint8Array(memory.buffer, at + LENGTH_BYTES, input.byteLength).set(
      new Uint8Array(input.buffer, input.byteOffset, input.byteLength),
    );
    const result = __double((BigInt(at) << 32n) | BigInt(length));
    const start = Number(BigInt.asUintN(32, result >> 32n)) + LENGTH_BYTES;
    const end = start - LENGTH_BYTES + Number(BigInt.asUintN(32, result));
    const output = take(memory.buffer, start, end);
    __free_buffer(result);
    return output;
  }
}

/** `double` asks WASI for nothing but its environment, and does without. */
function wasiStub(module: WebAssembly.Module): WebAssembly.Imports {
  const calls = WebAssembly.Module.imports(module).map(({ name }) => [name, () => WASI_ENOSYS]);
  return { wasi_snapshot_preview1: Object.fromEntries(calls) as WebAssembly.ModuleImports };
}

import { KIND, type Segment, valueOf, type WasmModule } from "./wasm-module.ts";

export interface TemplateExports {
  /** Starts QuickJS and the runtime. Frees the text. */
  readonly setup: (text: number, length: number, file: number) => void;
  /** Takes the script of the plugin. Frees the text. */
  readonly compile: (text: number, length: number, file: number) => void;
}

/** Places a text in linear memory, a NUL after it. */
export type Place = (text: string) => [pointer: number, length: number];

/** An error that QuickJS wrote to standard error before it trapped. */
export class ReportedError extends Error {}

/**
 * Runs an instance of a template, and puts its memory and its globals into the module.
 *
 * @param module What `template` reads as. It is changed.
 * @throws {ReportedError}
 */
export async function snapshot(
  module: WasmModule,
  template: Uint8Array<ArrayBuffer>,
  run: (exports: TemplateExports, place: Place) => void,
): Promise<void> {
  const reports: string[] = [];
  const world = stillWorld(
    () => memory,
    (text) => reports.push(text),
  );
  const { instance } = await WebAssembly.instantiate(template, { wasi_snapshot_preview1: world });
  const exports = instance.exports as unknown as TemplateExports & {
    readonly memory: WebAssembly.Memory;
    readonly malloc: (length: number) => number;
    readonly __stack_pointer: WebAssembly.Global<"i32">;
  };
  const { memory, malloc } = exports;
  try {
    run(exports, (text) => {
      const bytes = new TextEncoder().encode(`${text}\0`);
      const pointer = malloc(bytes.length);
      new Uint8Array(memory.buffer).set(bytes, pointer);
      return [pointer, bytes.length - 1];
    });
  } catch (error) {
    throw reports.length === 0
      ? error
      : new ReportedError(reports.join("").trim(), { cause: error });
  }
  for (const { name, kind, index } of module.exports) {
    const global = module.globals[index];
    if (kind !== KIND.global || global === undefined) continue;
    const { value } = instance.exports[name] as WebAssembly.Global<"i32">;
    module.globals[index] = { ...global, value: valueOf(value) };
  }
  const image = new Uint8Array(memory.buffer);
  module.memoryPages = image.length / 65_536;
  // Below is the stack, of which nothing is in use.
  module.data = segmentsOf(image, exports.__stack_pointer.value);
}

/** Zeros in between that cost less than another segment. */
const GAP_BYTES = 16;

/** Linear memory as data segments, without its zeros. The result has views of `memory`. */
function segmentsOf(memory: Uint8Array, from: number): Segment[] {
  const segments: Segment[] = [];
  let start = from;
  for (;;) {
    while (start < memory.length && memory[start] === 0) start += 1;
    if (start === memory.length) return segments;
    let end = start + 1;
    for (let next = end; next < memory.length && next - end < GAP_BYTES; next += 1)
      if (memory[next] !== 0) end = next + 1;
    segments.push({ offset: start, bytes: memory.subarray(start, end) });
    start = end;
  }
}

const ENOSYS = 52;

/** A world in which no time passes, so that a plugin depends on nothing but its sources. */
function stillWorld(
  memory: () => WebAssembly.Memory,
  report: (text: string) => void,
): WebAssembly.ModuleImports {
  const view = () => new DataView(memory().buffer);
  const unsupported = () => ENOSYS;
  return {
    clock_time_get: (_clock: number, _precision: bigint, pointer: number) => {
      view().setBigUint64(pointer, 0n, true);
      return 0;
    },
    random_get: (pointer: number, length: number) => {
      new Uint8Array(memory().buffer, pointer, length).fill(0);
      return 0;
    },
    fd_write: (_fd: number, vectors: number, count: number, written: number) => {
      let total = 0;
      for (let index = 0; index < count; index += 1) {
        const pointer = view().getUint32(vectors + 8 * index, true);
        const length = view().getUint32(vectors + 8 * index + 4, true);
        report(new TextDecoder().decode(new Uint8Array(memory().buffer, pointer, length)));
        total += length;
      }
      view().setUint32(written, total, true);
      return 0;
    },
    fd_read: unsupported,
    fd_close: unsupported,
    fd_seek: unsupported,
    fd_fdstat_get: unsupported,
    path_open: unsupported,
  };
}

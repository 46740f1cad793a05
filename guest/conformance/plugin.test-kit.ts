/** Runs the plugins of all languages in the tests of their SDKs. */
import { GuestBuffers } from "../../src/abi/guest-buffers.ts";
import type { AnyCodec, Codec } from "../../src/codec/codec.ts";
import { decode, encode } from "../../src/codec/message.ts";
import { t } from "../../src/codec/t.ts";
import { TestGuest } from "../../src/wasi/guest.test-kit.ts";

/** The text of a module's section `plugin.schema`. */
export function schemaOf(module: WebAssembly.Module): string {
  const [section] = WebAssembly.Module.customSections(module, "plugin.schema");
  return new TextDecoder().decode(section);
}

export interface PluginOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Host functions, from bytes to bytes. */
  readonly hostFunctions?: Readonly<Record<string, (args: Uint8Array) => Uint8Array>>;
}

/** A plugin in this thread, on Cloche's own ABI, codecs and WASI. */
export class TestPlugin {
  readonly exports: WebAssembly.Exports;
  readonly guest: TestGuest;
  readonly #buffers: GuestBuffers;

  constructor(module: WebAssembly.Module, options: PluginOptions = {}) {
    const { files = {}, stdin = "", hostFunctions = {} } = options;
    const input = [new TextEncoder().encode(stdin), new Uint8Array()];
    this.guest = new TestGuest({}, { stdin: { read: () => input.shift() } });
    this.guest.files.load(files);
    const env = Object.fromEntries(
      Object.entries(hostFunctions).map(([name, call]) => [
        `__${name}`,
        (args: bigint) => this.#buffers.give(call(this.#buffers.take(args))),
      ]),
    );
    const { exports } = new WebAssembly.Instance(module, {
      env,
      wasi_snapshot_preview1: this.guest.preview1.imports,
    });
    this.exports = exports;
    const memory = exports["memory"] as WebAssembly.Memory;
    this.guest.preview1.attachMemory(memory);
    const alloc = exports["__alloc_buffer"] as (length: number) => number;
    const free = exports["__free_buffer"] as (buffer: bigint) => void;
    const limits = { messageBytes: 1 << 28 };
    this.#buffers = new GuestBuffers({ memory, alloc, free }, limits, "test");
    (exports["_initialize"] as () => void)();
  }

  /** What the plugin printed to standard error. */
  get stderr(): string {
    return this.guest.written.stderr;
  }

  get memoryBytes(): number {
    return (this.exports["memory"] as WebAssembly.Memory).buffer.byteLength;
  }

  /** Calls a function with bytes. */
  callWithBytes(name: string, args: Uint8Array): Uint8Array {
    const call = this.exports[`__${name}`] as (args: bigint) => bigint;
    return this.#buffers.take(call(this.#buffers.give(args)));
  }

  /** Calls a function with values. */
  call<T>(
    name: string,
    params: readonly AnyCodec[],
    result: Codec<T, never>,
    ...args: unknown[]
  ): T {
    const bytes = encode(t.tuple(...params) as Codec<unknown, unknown>, args);
    return decode(result, this.callWithBytes(name, bytes));
  }
}

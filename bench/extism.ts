/** The peer Extism, in its worker form, which needs an isolated page. */

import { createPlugin, type Plugin } from "@extism/extism";
import { expectEqual } from "./measure.ts";

export const EXTISM = "Extism's worker";
const DOUBLE_URL = "/extism-double.wasm";
const SUM_URL = "/extism-sum.wasm";

/** `double` on a plugin of Extism. */
export class ExtismDouble {
  readonly #plugin: Plugin;

  constructor(plugin: Plugin) {
    this.#plugin = plugin;
  }

  async call(numbers: Float64Array): Promise<Float64Array> {
    const { buffer, byteOffset, byteLength } = numbers;
    const output = await this.#plugin.call(
      "double",
      new Uint8Array(buffer, byteOffset, byteLength),
    );
    if (output === null) throw new Error("Cannot go on: Extism gave no output");
    return new Float64Array(output.arrayBuffer());
  }

  /** Frees the blocks that it keeps of past calls: it would get slower with each. */
  async reset(): Promise<void> {
    expectEqual(await this.#plugin.reset(), true);
  }

  async close(): Promise<void> {
    await this.#plugin.close();
  }
}

/** @param source An absolute address, or a module. Default: the address of its module. */
export async function loadExtismDouble(
  source: string | WebAssembly.Module = absolute(DOUBLE_URL),
): Promise<ExtismDouble> {
  const manifest = { wasm: [typeof source === "string" ? { url: source } : { module: source }] };
  const plugin = await createPlugin(manifest, { runInWorker: true, useWasi: false });
  return new ExtismDouble(plugin);
}

/** The address of a module that this browser has not compiled before: see `server.mjs`. */
export function coldExtismUrl(): string {
  return `${absolute(DOUBLE_URL)}?cold=${crypto.randomUUID()}`;
}

function absolute(address: string): string {
  return new URL(address, location.href).href;
}

/** A guest that adds up ones through a host function, `calls` times a call. */
export async function extismSum(calls: number): Promise<() => Promise<void>> {
  const plugin = await createPlugin(
    { wasm: [{ url: absolute(SUM_URL) }] },
    {
      runInWorker: true,
      useWasi: false,
      functions: { "extism:host/user": { add: (_, a: bigint, b: bigint) => a + b } },
    },
  );
  const input = new Uint8Array(BigUint64Array.of(BigInt(calls)).buffer);
  return async () => {
    const output = await plugin.call("sum", input);
    expectEqual(output && new BigUint64Array(output.arrayBuffer())[0], BigInt(calls));
  };
}

/** Links what the rewriter added to a module: memories, the flag, the refill functions. */

import type { Flag } from "../protocol/start-options.ts";
import type { ModuleHooks } from "../rewrite/module-hooks.ts";
import type { FuelMeter } from "./fuel-meter.ts";
import { suspending } from "./jspi.ts";

/** The imports that a rewritten module has besides its own. */
export function hookImports(
  hooks: ModuleHooks | undefined,
  flag: Flag | undefined,
): WebAssembly.Imports {
  if (hooks === undefined || hooks.flagMemory === undefined || flag === undefined) return {};
  const memories = Object.entries(hooks.memories).map(([name, size]) => {
    const pages = (count: number) => (size.is64 ? BigInt(count) : count);
    const descriptor = {
      initial: pages(size.minimum),
      maximum: pages(size.maximum ?? size.minimum),
      shared: size.isShared,
      ...(size.is64 ? { address: "i64" } : {}),
    };
    return [name, new WebAssembly.Memory(descriptor as WebAssembly.MemoryDescriptor)] as const;
  });
  return {
    [hooks.importModule]: { ...Object.fromEntries(memories), [hooks.flagMemory]: flag.memory },
  };
}

/** Sets up what the rewriter added to an instance, before any of its code runs. */
export function attachHooks(
  hooks: ModuleHooks | undefined,
  exports: WebAssembly.Exports,
  { flag, meter }: { readonly flag: Flag | undefined; readonly meter: FuelMeter | undefined },
): void {
  if (hooks?.generation !== undefined && flag !== undefined) {
    // The code compares the lowest byte.
    (exports[hooks.generation] as WebAssembly.Global<"i32">).value = flag.generation & 0xff;
  }
  if (hooks?.fuel !== undefined && hooks.refill !== undefined && meter !== undefined) {
    meter.attach(exports[hooks.fuel] as WebAssembly.Global<"i64">);
    const table = exports[hooks.refill] as WebAssembly.Table;
    table.set(0, exportedFunction(meter.refill));
    if (meter.canSuspend) table.set(1, exportedFunction(suspending(meter.pause)));
  }
}

/** (module (func (import "" "") (result i32)) (export "" (func 0))) */
const FORWARDER = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f],
  ...[0x02, 0x05, 0x01, 0x00, 0x00, 0x00, 0x00],
  ...[0x07, 0x04, 0x01, 0x00, 0x00, 0x00],
]);

/** Wraps a function in Wasm, since a table accepts no others. */
function exportedFunction(call: WebAssembly.ImportValue): unknown {
  const module = new WebAssembly.Module(FORWARDER);
  return new WebAssembly.Instance(module, { "": { "": call } }).exports[""];
}

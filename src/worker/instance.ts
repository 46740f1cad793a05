/** One instance of a plugin's module: bytes in, bytes out. */

import { GuestBuffers } from "../abi/guest-buffers.ts";
import {
  ALLOC_EXPORT,
  FREE_EXPORT,
  HOST_MODULE,
  INITIALIZE_EXPORT,
  MEMORY_EXPORT,
  STACK_POINTER_EXPORT,
  START_EXPORT,
  WASI_MODULE,
  wasmName,
} from "../abi/names.ts";
import { PluginHostFunctionError, PluginLinkError } from "../errors.ts";
import type { HostCaller } from "../protocol/host-calls.ts";
import type { HostAnswer } from "../protocol/messages.ts";
import type { StartOptions } from "../protocol/worker-api.ts";
import type { WasiEngine } from "./engine.ts";
import { promising, suspending } from "./jspi.ts";

type GuestFunction = (args: bigint) => unknown;

/** What an instance is linked to. */
export interface InstanceHost {
  /** Makes the guest's host calls; unused when the module imports none. */
  readonly caller: HostCaller;
  readonly engine: Pick<WasiEngine, "imports" | "suspending" | "attachMemory">;
}

export class Instance {
  readonly #options: StartOptions;
  readonly #exports: WebAssembly.Exports;
  readonly #buffers: GuestBuffers;
  readonly #functions: Map<string, GuestFunction> = new Map();

  private constructor(options: StartOptions, exports: WebAssembly.Exports, buffers: GuestBuffers) {
    this.#options = options;
    this.#exports = exports;
    this.#buffers = buffers;
  }

  /** Instantiates the module and, for a reactor, runs `_initialize`. Throws whatever the guest raises. */
  static async create(options: StartOptions, host: InstanceHost): Promise<Instance> {
    // Host imports need the buffers of an instance that exists only once the imports are given.
    const linked: { buffers?: GuestBuffers } = {};
    const hostImports = options.hostFunctions.map((name, index) => [
      wasmName(name),
      hostImport(options, host.caller, index, () => {
        if (linked.buffers !== undefined) return linked.buffers;
        throw new PluginLinkError(
          `Cannot call host function "${name}" of plugin "${options.pluginName}": called by the module's start function, expected a call from an export`,
          { pluginName: options.pluginName },
        );
      }),
    ]);

    const { exports } = await WebAssembly.instantiate(options.module, {
      [HOST_MODULE]: Object.fromEntries(hostImports),
      [WASI_MODULE]: wasiImports(options, host.engine),
    });
    const memory = exports[MEMORY_EXPORT] as WebAssembly.Memory;
    const buffers = new GuestBuffers(
      {
        memory,
        alloc: exports[ALLOC_EXPORT] as (len: number) => number,
        free: exports[FREE_EXPORT] as (buffer: bigint) => void,
      },
      options.limits,
      options.pluginName,
    );
    linked.buffers = buffers;
    host.engine.attachMemory(memory);

    const instance = new Instance(options, exports, buffers);
    if (options.isReactor) await instance.#callable(INITIALIZE_EXPORT)(0n);
    return instance;
  }

  /** Runs one guest function. Its arguments' bytes are given up. Throws whatever the guest raises. */
  call(name: string, args: Uint8Array): Uint8Array | Promise<Uint8Array> {
    const spare = args.buffer instanceof ArrayBuffer ? args.buffer : undefined;
    const restoreStack = this.#saveStack();
    try {
      const result = this.#callable(wasmName(name))(this.#buffers.give(args));
      if (!(result instanceof Promise)) return this.#buffers.take(result as bigint, spare);
      return result.then(
        (settled) => this.#buffers.take(settled as bigint, spare),
        (error: unknown) => {
          restoreStack();
          throw error;
        },
      );
    } catch (error) {
      restoreStack();
      throw error;
    }
  }

  /** Runs a command's entry point. Throws whatever the guest raises, `WasiExit` for one. */
  async run(): Promise<void> {
    await this.#callable(START_EXPORT)(0n);
  }

  /** The export as it is called: through JSPI where host calls suspend. */
  #callable(wasm: string): GuestFunction {
    let callable = this.#functions.get(wasm);
    if (callable === undefined) {
      const exported = this.#exports[wasm] as GuestFunction;
      callable = this.#options.blocking === "jspi" ? promising(exported) : exported;
      this.#functions.set(wasm, callable);
    }
    return callable;
  }

  /**
   * An exception of a host function leaves the guest's frames without their epilogues, so the shadow
   * stack stays where it was, lower with each such call. A guest that exports the pointer gets it back.
   */
  #saveStack(): () => void {
    const pointer = this.#exports[STACK_POINTER_EXPORT];
    if (!(pointer instanceof WebAssembly.Global)) return () => {};
    const saved: unknown = pointer.value;
    return () => {
      pointer.value = saved;
    };
  }
}

/** The engine's calls; those that may wait for the page suspend the guest where it waits by JSPI. */
function wasiImports(
  { blocking, stdin }: StartOptions,
  { imports, suspending: names }: Pick<WasiEngine, "imports" | "suspending">,
): WebAssembly.ModuleImports {
  if (blocking !== "jspi" || stdin !== "page") return imports;
  return Object.fromEntries(
    Object.entries(imports).map(([name, call]) => [
      name,
      names.has(name) ? suspending(call as () => unknown) : call,
    ]),
  );
}

/** The import behind one host function: takes the guest's arguments, gives it the page's result. */
function hostImport(
  { hostFunctions, blocking, pluginName }: StartOptions,
  caller: HostCaller,
  index: number,
  buffers: () => GuestBuffers,
): WebAssembly.ImportValue {
  const finish = (answer: HostAnswer): bigint => {
    if (answer !== undefined) return buffers().give(answer);
    const functionName = String(hostFunctions[index]);
    throw new PluginHostFunctionError(
      `Cannot finish host function "${functionName}" of plugin "${pluginName}": it failed`,
      { pluginName, functionName },
    );
  };
  if (blocking === "jspi") {
    return suspending(async (args: bigint) =>
      finish(await caller.call(index, buffers().take(args))),
    );
  }
  return (args: bigint) => finish(caller.call(index, buffers().take(args)) as HostAnswer);
}

/** The instance of a plugin's module: runs its exports, bytes in and bytes out. */

import { GuestBuffers } from "../abi/guest-buffers.ts";
import {
  ALLOC_EXPORT,
  FREE_EXPORT,
  HOST_MODULE,
  INITIALIZE_EXPORT,
  MEMORY_EXPORT,
  START_EXPORT,
  WASI_MODULE,
  wasmName,
} from "../abi/names.ts";
import type { StartOptions } from "../protocol/start-options.ts";
import type { WasiEngine } from "./engine.ts";
import { allocationFailure } from "./failure.ts";
import type { FuelMeter } from "./fuel-meter.ts";
import { stackRestorer } from "./guest-stack.ts";
import { type CallPage, createHostImports } from "./host-imports.ts";
import { ImportGuard } from "./import-guard.ts";
import { promising, suspending } from "./jspi.ts";
import { attachHooks, hookImports } from "./linking.ts";

/** The page ends a start that takes too long, and says so. Only where it is later than this, the guest's meter does. */
const LATE_PAGE_MS = 500;

type GuestExport = (args: bigint) => unknown;

/** What an instance is linked to. */
export interface GuestHost {
  /** Makes a host call; unused when the module imports none. */
  readonly callPage: CallPage;
  /** Counts the guest's fuel, if its module was rewritten for that. */
  readonly meter: FuelMeter | undefined;
  /** See `interrupt-look.ts`. */
  readonly look: () => void;
  readonly engine: Pick<WasiEngine, "imports" | "suspending" | "attachMemory">;
}

export class GuestInstance {
  readonly #exports: WebAssembly.Exports;
  readonly #buffers: GuestBuffers;
  readonly #guard: ImportGuard;
  /** Whether exports are called through JSPI, since an import may suspend them. */
  readonly #isPromising: boolean;
  #restoreStack: () => void = () => {};
  readonly #functions: Map<string, GuestExport> = new Map();

  private constructor(
    exports: WebAssembly.Exports,
    buffers: GuestBuffers,
    guard: ImportGuard,
    isPromising: boolean,
  ) {
    this.#exports = exports;
    this.#buffers = buffers;
    this.#guard = guard;
    this.#isPromising = isPromising;
  }

  /** Instantiates the module and, for a reactor, runs `_initialize`. Throws whatever the guest raises. */
  static async create(
    compiled: WebAssembly.Module,
    options: StartOptions,
    host: GuestHost,
  ): Promise<GuestInstance> {
    const { hooks, flag, isReactor } = options.module;
    const guard = new ImportGuard(host.look);
    // Host imports need the buffers of the instance, which is created after them.
    const linked: { buffers?: GuestBuffers } = {};
    const hostImports = createHostImports(options, {
      callPage: host.callPage,
      guard,
      buffers: () => linked.buffers,
    });

    const instantiate = async () =>
      WebAssembly.instantiate(compiled, {
        ...hookImports(hooks, flag),
        [HOST_MODULE]: hostImports,
        [WASI_MODULE]: wasiImports(options, host.engine, guard),
      });
    const { exports } = await instantiate().catch((thrown: unknown) => {
      throw allocationFailure(thrown, options.pluginName) ?? guard.reasonOf(thrown);
    });
    const { meter } = host;
    attachHooks(hooks, exports, { flag, meter });
    const memory = exports[MEMORY_EXPORT] as WebAssembly.Memory;
    const alloc = exports[ALLOC_EXPORT] as (len: number) => number;
    const free = exports[FREE_EXPORT] as (buffer: bigint) => void;
    const buffers = new GuestBuffers(
      {
        memory,
        alloc: meter ? (len) => meter.pinned(() => alloc(len)) : alloc,
        free: meter ? (buffer) => meter.pinned(() => free(buffer)) : free,
      },
      options.limits,
      options.pluginName,
    );
    linked.buffers = buffers;
    host.engine.attachMemory(memory);

    const isPromising = options.hostCalls.blocking === "jspi" || meter?.canSuspend === true;
    const instance = new GuestInstance(exports, buffers, guard, isPromising);
    meter?.begin("Start", options.limits.loadMs + LATE_PAGE_MS);
    // The start section, which the rewriter made an export: so it can call the host like any other.
    if (hooks?.start !== undefined) await instance.#runToEnd(hooks.start);
    if (isReactor) await instance.#runToEnd(INITIALIZE_EXPORT);
    try {
      instance.#restoreStack = stackRestorer(exports, meter?.pinned ?? ((run) => run()));
    } catch (thrown) {
      throw guard.reasonOf(thrown);
    }
    guard.assertSound();
    return instance;
  }

  /** The size of its linear memory. */
  get memoryBytes(): number {
    return this.#buffers.memoryBytes;
  }

  /**
   * Runs one guest function. Throws whatever the guest raises.
   *
   * @param isOwned Whether the result may be written into the arguments' buffer.
   */
  call(name: string, args: Uint8Array, isOwned: boolean): Uint8Array | Promise<Uint8Array> {
    const spare = isOwned ? (args.buffer as ArrayBuffer) : undefined;
    const finish = (result: unknown): Uint8Array => {
      const bytes = this.#buffers.take(result as bigint, spare);
      this.#guard.assertSound();
      return bytes;
    };
    const fail = (thrown: unknown): never => {
      this.#restoreStack();
      throw this.#guard.reasonOf(thrown);
    };
    this.#guard.beginCall();
    try {
      const result = this.#guestFunction(name)(this.#buffers.give(args));
      return result instanceof Promise ? result.then(finish).catch(fail) : finish(result);
    } catch (thrown) {
      return fail(thrown);
    }
  }

  /** Runs a command's entry point. Throws whatever the guest raises, `WasiExit` for one. */
  run(): Promise<void> {
    return this.#runToEnd(START_EXPORT);
  }

  /** Runs an export that has no parameters and no results. */
  async #runToEnd(wasm: string): Promise<void> {
    try {
      await this.#callable(wasm)(0n);
    } catch (thrown) {
      throw this.#guard.reasonOf(thrown);
    }
    this.#guard.assertSound();
  }

  /** A guest function by its name, made once: text that was just put together is slow to look up. */
  #guestFunction(name: string): GuestExport {
    let callable = this.#functions.get(name);
    if (callable === undefined) {
      callable = this.#callable(wasmName(name));
      this.#functions.set(name, callable);
    }
    return callable;
  }

  /** The export as it is called: through JSPI where host calls suspend. */
  #callable(wasm: string): GuestExport {
    const exported = this.#exports[wasm] as GuestExport;
    return this.#isPromising ? promising(exported) : exported;
  }
}

/** The engine's calls. Those that may wait for the page suspend the guest, where it waits by JSPI. */
function wasiImports(
  { hostCalls, wasi }: StartOptions,
  { imports, suspending: names }: Pick<WasiEngine, "imports" | "suspending">,
  guard: ImportGuard,
): WebAssembly.ModuleImports {
  const suspends = hostCalls.blocking === "jspi" && wasi.stdin === "page";
  return Object.fromEntries(
    Object.entries(imports).map(([name, call]) => {
      const guarded = guard.guarded(call as () => unknown);
      return [name, suspends && names.has(name) ? suspending(guarded) : guarded];
    }),
  );
}

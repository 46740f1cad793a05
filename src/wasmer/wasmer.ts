import wasmerWorkerSource from "#wasmer-worker-source";
import type { WasiEngineChoice } from "../host/grants/worker-choice.ts";

/**
 * Cloche's second engine: a plugin runs on `@wasmer/wasi` 0.12.0 and `@wasmer/wasmfs` 0.12.0, which
 * are in the worker's script. Each plugin has a `WasmFs` of its own.
 *
 * It passes less of WASI's testsuite than the engine that plugins run on without it, and it is slow
 * with large files; the README says which is for what. Under a policy that forbids blob workers,
 * host `cloche/wasmer-worker` and give its address as the option `worker` instead.
 *
 * @example
 * const plugin = await loadPlugin("/plugins/double.wasm", { wasi: wasmer() });
 */
export function wasmer(): WasiEngineChoice {
  return { workerSource: wasmerWorkerSource };
}

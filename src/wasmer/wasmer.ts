import wasmerWorkerSource from "#wasmer-worker-source";
import type { WasiEngineChoice } from "../host/platform/worker-choice.ts";

/**
 * Selects Cloche's second engine, which runs a plugin on `@wasmer/wasi` 0.12.0 and `@wasmer/wasmfs` 0.12.0.
 * Both are bundled in the worker script. Each plugin has a `WasmFs` of its own.
 *
 * It passes less of the WASI testsuite than the default engine, and it is slow with large files. Under a
 * policy that forbids blob workers, host `cloche/wasmer-worker` and pass its address as the option
 * `worker` instead.
 *
 * @example
 * const plugin = await loadPlugin("/plugins/double.wasm", { wasi: wasmer() });
 */
export function wasmer(): WasiEngineChoice {
  return { workerSource: wasmerWorkerSource };
}

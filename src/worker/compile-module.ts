/** Compiles a module, rewritten so that it is bounded and can be interrupted. */

import { interfaceOfLayout, interfaceOfModule } from "../abi/module-interface.ts";
import { readModuleLayout } from "../abi/module-layout.ts";
import { PluginError, PluginLoadError } from "../errors.ts";
import type { CompiledModule, CompileOptions } from "../protocol/worker-api.ts";
import { rewriteModule } from "../rewrite/rewrite-module.ts";

/**
 * @throws {PluginLoadError} when the bytes are no module that this browser and the rewriter take.
 * @throws {PluginLimitError} when the module declares more than its limits allow.
 */
export async function compileModule(options: CompileOptions): Promise<CompiledModule> {
  const { source, pluginName } = options;
  if (source instanceof WebAssembly.Module) {
    return { module: source, moduleInterface: interfaceOfModule(source), hooks: undefined };
  }
  try {
    // Only of a valid module can it be said that it does not name what the rewriter adds. The
    // engine's reason for refusing one comes with compiling alone.
    if (!WebAssembly.validate(source)) await WebAssembly.compile(source);
    const layout = readModuleLayout(source);
    const { bytes, hooks } = rewriteModule(source, layout, options);
    const module = await WebAssembly.compile(bytes);
    return { module, moduleInterface: interfaceOfLayout(layout), hooks };
  } catch (cause) {
    if (cause instanceof PluginError) throw cause;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new PluginLoadError(
      `Cannot compile plugin "${pluginName}": ${found}, expected a WebAssembly module`,
      { pluginName, cause },
    );
  }
}

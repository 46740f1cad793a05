/** Compiles a module, rewritten so that it is bounded and can be interrupted. */

import { interfaceOfLayout, interfaceOfModule } from "../abi/module-interface.ts";
import { readModuleLayout } from "../abi/module-layout.ts";
import { PluginError, PluginLoadError } from "../errors.ts";
import type { CompiledModule, CompileOptions } from "../protocol/worker-api.ts";
import { type RewrittenModule, rewriteModule } from "../rewrite/rewrite-module.ts";

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
    const { bytes, hooks, moduleInterface } = await rewriteValid(source, options);
    return { module: await WebAssembly.compile(bytes), moduleInterface, hooks };
  } catch (cause) {
    if (cause instanceof PluginError) throw cause;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new PluginLoadError(
      `Cannot compile plugin "${pluginName}": ${found}, expected a WebAssembly module`,
      { pluginName, cause },
    );
  }
}

/** Rewrites a module of which the engine says, too, that it is one. */
async function rewriteValid(
  source: Uint8Array<ArrayBuffer>,
  options: CompileOptions,
): Promise<RewrittenModule & Pick<CompiledModule, "moduleInterface">> {
  let rewritten: RewrittenModule & Pick<CompiledModule, "moduleInterface">;
  try {
    // First, since it is bounded by limits, and the engine's look at a hostile module is not.
    const layout = readModuleLayout(source);
    const moduleInterface = interfaceOfLayout(layout);
    rewritten = { ...rewriteModule(source, layout, options), moduleInterface };
  } catch (error) {
    // What is no module at all is better told by the engine.
    if (!(error instanceof PluginError)) await assertValid(source);
    throw error;
  }
  // Only of a valid module can it be said that it does not name what was added to it.
  await assertValid(source);
  return rewritten;
}

/** @throws the engine's reason, which it gives away only when it compiles. */
async function assertValid(source: Uint8Array<ArrayBuffer>): Promise<void> {
  if (!WebAssembly.validate(source)) await WebAssembly.compile(source);
}

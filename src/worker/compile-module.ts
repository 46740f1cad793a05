/** Compiles a module, rewritten so that it is bounded and can be interrupted. */

import { type Contract, checkContract } from "../abi/contract.ts";
import {
  interfaceOfLayout,
  interfaceOfModule,
  type ModuleInterface,
} from "../abi/module-interface.ts";
import { readModuleLayout, readSections } from "../abi/module-layout.ts";
import { PluginError, PluginLoadError } from "../errors.ts";
import type { CompiledModule, CompileOptions } from "../protocol/compiled-module.ts";
import { checkDeclarationBytes } from "../rewrite/module-bounds.ts";
import { type RewrittenModule, rewriteModule } from "../rewrite/rewrite-module.ts";
import { PREVIEW1_SIGNATURES } from "../wasi/preview1-signatures.ts";

/**
 * The contract is checked here and not on the page, which would have to look at as many names as a
 * module cares to have.
 *
 * @throws {PluginLoadError} when the bytes are no module that this browser and the rewriter take.
 * @throws {PluginLinkError} when the module does not keep the contract of its role.
 * @throws {PluginLimitError} when the module declares more than its limits allow.
 */
export async function compileModule(options: CompileOptions): Promise<CompiledModule> {
  const { source, pluginName } = options;
  if (source instanceof WebAssembly.Module) {
    const contract = contractOf(interfaceOfModule(source), options);
    return { module: source, contract, hooks: undefined };
  }
  try {
    const { bytes, hooks, moduleInterface } = await rewriteValid(source, options);
    const contract = contractOf(moduleInterface, options);
    return { module: await WebAssembly.compile(bytes), contract, hooks };
  } catch (cause) {
    if (cause instanceof PluginError) throw cause;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new PluginLoadError(
      `Cannot compile plugin "${pluginName}": ${found}, expected a WebAssembly module`,
      { pluginName, cause },
    );
  }
}

function contractOf(
  module: ModuleInterface,
  { role, pluginName, hostFunctions }: CompileOptions,
): Contract {
  const offer = { pluginName, hostFunctions: new Set(hostFunctions), wasi: PREVIEW1_SIGNATURES };
  return checkContract(role, module, offer);
}

interface Rewritten extends RewrittenModule {
  readonly moduleInterface: ModuleInterface;
}

/** Rewrites a module of which the engine says, too, that it is one. */
async function rewriteValid(
  source: Uint8Array<ArrayBuffer>,
  options: CompileOptions,
): Promise<Rewritten> {
  let rewritten: Rewritten;
  try {
    // First, since it is bounded by limits, and the engine's look at a hostile module is not.
    const sections = readSections(source);
    checkDeclarationBytes(sections, options);
    const layout = readModuleLayout(source, sections);
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

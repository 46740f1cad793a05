/** Compiles a module, rewritten so that it is bounded and can be interrupted. */

import { type Contract, checkContract } from "../abi/contract.ts";
import {
  interfaceOfLayout,
  interfaceOfModule,
  type ModuleInterface,
} from "../abi/module-interface.ts";
import { type ModuleLayout, readModuleLayout } from "../abi/module-layout.ts";
import { PluginError, PluginLoadError } from "../errors.ts";
import type { CompiledModule, CompileOptions } from "../protocol/compiled-module.ts";
import { type RewrittenModule, rewriteModule } from "../rewrite/rewrite-module.ts";
import { findDebugSections } from "../stack/debug-sections.ts";
import type { ModuleLines } from "../stack/source-lines.ts";
import { PREVIEW1_SIGNATURES } from "../wasi/preview1-signatures.ts";
import { describeThrown } from "../wording/describe-thrown.ts";
import { SEE_DOCTOR } from "../wording/see-doctor.ts";
import { allocationFailure } from "./failure.ts";

/**
 * Compiles a module and checks its contract, which is done here and not on the page: a hostile
 * module has as many names to look at as its limits allow.
 *
 * @throws {PluginLoadError} when the bytes are no module that the browser and the rewriter support.
 * @throws {PluginLinkError} when the module does not keep the contract of its role.
 * @throws {PluginLimitError} naming all limits that the module exceeds.
 */
export async function compileModule(options: CompileOptions): Promise<CompiledModule> {
  const { source, pluginName } = options;
  if (source instanceof WebAssembly.Module) {
    const contract = contractOf(interfaceOfModule(source), options);
    return { module: source, contract, hooks: undefined, lines: undefined };
  }
  try {
    const { layout, rewritten, lines } = await rewriteWithinLimits(source, options);
    // Engines compile in other threads, so this one validates meanwhile.
    const compiling = WebAssembly.compile(rewritten.bytes);
    compiling.catch(() => {});
    promptCollection();
    // Only a valid module is sure not to name what the rewriter added.
    await assertValid(source);
    const contract = contractOf(interfaceOfLayout(layout), options);
    return { module: await compiling, contract, hooks: rewritten.hooks, lines };
  } catch (cause) {
    if (cause instanceof PluginError) throw cause;
    const failure = allocationFailure(cause, pluginName);
    if (failure !== undefined) throw failure;
    const reason = (await allowsWebAssembly()) ? describeThrown(cause) : FORBIDDEN;
    const message = `Cannot compile plugin "${pluginName}": ${reason}`;
    throw new PluginLoadError(message, { pluginName, cause });
  }
}

const FORBIDDEN = `a Content-Security-Policy forbids WebAssembly (allow 'wasm-unsafe-eval' in script-src)${SEE_DOCTOR}`;

const EMPTY_MODULE = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/** Whether any module compiles here: what browsers say of a policy differs. */
async function allowsWebAssembly(): Promise<boolean> {
  try {
    await WebAssembly.compile(EMPTY_MODULE);
    return true;
  } catch {
    return false;
  }
}

function contractOf(
  module: ModuleInterface,
  { role, pluginName, hostFunctions }: CompileOptions,
): Contract {
  const offer = { pluginName, hostFunctions: new Set(hostFunctions), wasi: PREVIEW1_SIGNATURES };
  return checkContract(role, module, offer);
}

/** Rewrites a module before the engine sees it: this work is bounded by limits, the engine's is not. */
async function rewriteWithinLimits(
  source: Uint8Array<ArrayBuffer>,
  options: CompileOptions,
): Promise<{
  readonly layout: ModuleLayout;
  readonly rewritten: RewrittenModule;
  readonly lines: ModuleLines | undefined;
}> {
  try {
    const layout = readModuleLayout(source);
    const debug = findDebugSections(source, layout.sections);
    const isTraced = debug !== undefined;
    const rewritten = rewriteModule(source, layout, { ...options, isTraced });
    const { pieces } = rewritten;
    return { layout, rewritten, lines: debug && pieces && { ...debug, pieces } };
  } catch (error) {
    // The engine describes an invalid module better. One with too much of something it must not get:
    // WebKit takes 3.5 s to validate 20,000 sections, and had not ended with 100,000 after 15 s.
    if (error instanceof TypeError) await assertValid(source);
    throw error;
  }
}

/** @throws the engine's reason, which only `compile` gives. */
async function assertValid(source: Uint8Array<ArrayBuffer>): Promise<void> {
  if (!WebAssembly.validate(source)) await WebAssembly.compile(source);
}

/** An allocation that V8 takes for memory pressure. Nobody touches it, so it takes no memory. */
const PRESSURE_BYTES = 64 * 1024 * 1024;

/**
 * Makes V8 collect garbage, for a millisecond: the memory that the rewriter has worked in counts
 * against the 124 of a tab until then, and most workers would never collect it.
 */
function promptCollection(): void {
  try {
    void new ArrayBuffer(PRESSURE_BYTES);
  } catch {
    // There is no room, so there is pressure.
  }
}

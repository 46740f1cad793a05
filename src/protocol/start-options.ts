/** What a worker needs to start a plugin. */

import type { FileChanges } from "../files/changes/file-changes.ts";
import type { FileSnapshot } from "../files/file-tree.ts";
import type { Limits } from "../limits.ts";
import type { ModuleHooks } from "../rewrite/module-hooks.ts";
import type { Terminals } from "../wasi/streams.ts";
import type { CompiledModule } from "./compiled-module.ts";
import type { HostCallMemory } from "./host-call-memory.ts";
import type { CallMemory } from "./lanes/call-memory.ts";

/** Plain data, except for the module and the flag. {@link PrepareOptions} are what is posted. */
export interface StartOptions {
  readonly pluginName: string;
  readonly limits: Limits;
  readonly module: StartModule;
  readonly hostCalls: StartHostCalls;
  /** Where calls go by shared memory. */
  readonly calls: CallMemory | undefined;
  readonly wasi: StartWasi;
  readonly files: StartFiles;
}

/** The module, and how it is instantiated. */
export interface StartModule {
  readonly compiled: WebAssembly.Module;
  readonly hooks: ModuleHooks | undefined;
  /** For a module that was rewritten for `"epoch"`. */
  readonly flag: Flag | undefined;
  /** The functions it offers, without the ABI's underscores. A call names one by its index here. */
  readonly functions: readonly string[];
  /** Whether it exports `_initialize`. */
  readonly isReactor: boolean;
}

/** The same as a page posts it, which need not have the module yet. */
export interface PrepareOptions extends Omit<StartOptions, "module"> {
  readonly module: {
    /** Or `undefined` for the one that this worker was asked to compile. */
    readonly compiled: CompiledModule | undefined;
    readonly flag: Flag | undefined;
  };
}

/** A plugin's number in memory that the page shares with all its workers. See `host/flag-memory.ts`. */
export interface Flag {
  readonly memory: WebAssembly.Memory;
  readonly address: number;
  /** The number that lets the instance run. */
  readonly generation: number;
}

/** How a guest waits for the page while a host function runs. */
export type BlockingWay = "jspi" | "shared-memory";

/** How the guest calls the page. */
export interface StartHostCalls {
  /** Names of the host functions that are lent; a host call names one by its index here. */
  readonly functions: readonly string[];
  /** `undefined` if the guest never calls the page. */
  readonly blocking: BlockingWay | undefined;
  /** For the way `"shared-memory"`. */
  readonly memory: HostCallMemory | undefined;
}

/** What the guest gets through WASI, except files. */
export interface StartWasi {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The whole standard input, or `"page"` to request it from the page. */
  readonly stdin: Uint8Array | "page";
  /** The streams that the page listens to. Others are not sent. */
  readonly hasListener: { readonly stdout: boolean; readonly stderr: boolean };
  /** Which streams the guest sees as terminals. */
  readonly terminal: Terminals;
  readonly clock: ClockOption;
  readonly random: RandomOption;
}

/** The files that a plugin starts with. */
export interface StartFiles {
  /** All files, for `/`. */
  readonly tree: FileSnapshot;
  /** The files of the previous instance, without the parts that were sent ahead. Replaces {@link tree}. */
  readonly image: FileChanges | undefined;
  /** Whether the guest gets `/` as descriptor 3. Without it, the guest reaches no files. */
  readonly hasDirectory: boolean;
  /** Whether all changes are sent to the page. */
  readonly isJournaled: boolean;
}

/**
 * The guest's clock: the browser's, or one that starts at `startMs` (milliseconds since 1970), advances
 * by `stepNs` nanoseconds each time it is read, and by the whole duration of each sleep, which returns
 * at once.
 */
export type ClockOption = "browser" | { readonly startMs: number; readonly stepNs: number };

/** The randomness that a guest gets: the browser's, or always the same from an integer seed. */
export type RandomOption = "browser" | { readonly seed: number };

/** The options that plugins and commands have in common. */

import type { Limits } from "../../limits.ts";
import type { ClockOption, RandomOption } from "../../protocol/start-options.ts";
import type { Isolation, WasiEngineChoice, WorkerScript } from "../platform/worker-choice.ts";
import type { Blocking } from "./blocking.ts";
import type { FileTree } from "./file-tree.ts";
import type { InterruptionChoice } from "./interruption.ts";
import type { StdinSource } from "./stdin.ts";
import type { TerminalOptions } from "./terminal.ts";
import type { TextSink } from "./text-sink.ts";

/** Plain data. By default a guest gets no files, environment, input, output or host functions. */
export interface PluginOptions {
  /** The name in errors, and of the worker. Default: the source's file name without `.wasm`, or `"plugin"`. */
  readonly name?: string;
  /**
   * Files to copy into the guest's `/`. With `"none"` the guest has no directory at all (no descriptor
   * 3). Default: an empty `/`.
   */
  readonly files?: FileTree | "none";
  /** The command line, with the program's name first. Default: empty. */
  readonly args?: readonly string[];
  /** The environment variables. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /** The standard input. Default: empty. */
  readonly stdin?: StdinSource;
  /** Called with the text that the guest writes to its standard output. Default: the text is dropped. */
  readonly stdout?: TextSink;
  /** The same for the standard error. */
  readonly stderr?: TextSink;
  /** Which standard streams are terminals to the guest, see {@link TerminalOptions}. */
  readonly terminal?: TerminalOptions;
  /** The guest's clocks. Default: the browser's. */
  readonly clock?: ClockOption;
  /** The guest's source of random bytes. Default: the browser's. */
  readonly random?: RandomOption;
  /** Limits that differ from the defaults, see {@link Limits}. */
  readonly limits?: Partial<Limits>;
  /** How the guest waits for the page. Default: `"auto"`. */
  readonly blocking?: Blocking;
  /** How a guest that does not return is interrupted. Default: `"auto"`. */
  readonly interruption?: InterruptionChoice;
  /** Whether the worker is one of the page or of a sandboxed frame, see {@link Isolation}. Default: `"worker"`. */
  readonly isolation?: Isolation;
  /** The WASI implementation, such as `wasmer()` of `cloche/wasmer`. Default: Cloche's own. */
  readonly wasi?: WasiEngineChoice;
  /**
   * The text of the module's source map, for lines of the source in the stacks of traps. Default: the
   * debug information in the module: DWARF, or a source map in a `data:` URL.
   */
  readonly sourceMap?: string;
  /** Where the worker's script comes from. Overrides {@link wasi}. Default: the script inlined in this library. */
  readonly worker?: WorkerScript;
  /** Aborts loading, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

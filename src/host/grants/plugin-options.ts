/** What a plugin or a command is lent. */

import type { Limits } from "../../limits.ts";
import type { ClockOption, RandomOption } from "../../protocol/start-options.ts";
import type { Blocking } from "./blocking.ts";
import type { FileTree } from "./file-tree.ts";
import type { InterruptionChoice } from "./interruption.ts";
import type { Isolation } from "./isolation.ts";
import type { StdinSource } from "./stdin.ts";
import type { TerminalOptions } from "./terminal.ts";
import type { TextSink } from "./text-sink.ts";
import type { WasiEngineChoice, WorkerScript } from "./worker-choice.ts";

/** Plain data; what is left out is not granted. */
export interface PluginOptions {
  /** What errors and the worker call it. Default: the source's file name without `.wasm`, or `"plugin"`. */
  readonly name?: string;
  /**
   * Files to copy into its `/`. `"none"`: the guest gets no directory at all, no descriptor 3. Default:
   * an empty `/`.
   */
  readonly files?: FileTree | "none";
  /** Its command line, the program's name first. Default: none. */
  readonly args?: readonly string[];
  /** Its environment. Default: empty. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from its standard input. Default: nothing, an end of file at once. */
  readonly stdin?: StdinSource;
  /** Takes what it writes to its standard output, as text. Default: it is dropped. */
  readonly stdout?: TextSink;
  /** The same for its standard error. */
  readonly stderr?: TextSink;
  /** Which of the three it takes for a terminal, see {@link TerminalOptions}. */
  readonly terminal?: TerminalOptions;
  /** Its time. Default: the browser's. */
  readonly clock?: ClockOption;
  /** Its randomness. Default: the browser's. */
  readonly random?: RandomOption;
  /** Limits that differ from the defaults, see {@link Limits}. */
  readonly limits?: Partial<Limits>;
  /** How it waits for the page. Default: `"auto"`. */
  readonly blocking?: Blocking;
  /** How it is stopped when it does not return. Default: `"auto"`. */
  readonly interruption?: InterruptionChoice;
  /** How far from the page it lives, see {@link Isolation}. Default: `"worker"`. */
  readonly isolation?: Isolation;
  /** The WASI implementation it runs on, such as `wasmer()` of `cloche/wasmer`. Default: Cloche's own. */
  readonly wasi?: WasiEngineChoice;
  /** Where the worker's script comes from. Overrides {@link wasi}. Default: inlined in this library. */
  readonly worker?: WorkerScript;
  /** Aborts the loading, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

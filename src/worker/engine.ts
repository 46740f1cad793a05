/** What a WASI implementation has to be for a plugin to run on it. */

import type { Clock } from "../files/clock.ts";
import type { FileSystem } from "../files/file-system.ts";
import type { Limits } from "../limits.ts";
import type { Sleep } from "../wasi/calls/polling.ts";
import type { InputSource, OutputSink, Terminals } from "../wasi/streams.ts";

/** The files of an engine, as the page works on them. Throws a `WasiError` for what is refused. */
export type EngineFiles = Pick<
  FileSystem,
  | "read"
  | "write"
  | "append"
  | "list"
  | "stat"
  | "exists"
  | "mkdir"
  | "rename"
  | "remove"
  | "snapshot"
  | "load"
  | "mount"
  | "takeChanges"
  | "restore"
>;

/** What an engine lets the guest see of the world. */
export interface EngineOptions {
  readonly limits: Limits;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether the guest gets `/` as descriptor 3. Without it, the guest reaches no files. */
  readonly hasDirectory: boolean;
  readonly stdin: InputSource;
  readonly stdout: OutputSink;
  readonly stderr: OutputSink;
  readonly terminal: Terminals;
  readonly clock: Clock;
  /** Whether the files are to tell of all that changes in them, and not only of mounts that ask for it. */
  readonly isJournaled: boolean;
  /** Fills an array of at most 65,536 bytes. */
  random(bytes: Uint8Array<ArrayBuffer>): void;
  readonly sleep: Sleep;
}

/** WASI preview 1 and files for one instance. Its calls throw nothing into the guest but `WasiExit`. */
export interface WasiEngine {
  /** The imports of `wasi_snapshot_preview1`. */
  readonly imports: WebAssembly.ModuleImports;
  /** Names of the imports that may answer with a promise, and then have to suspend the guest. */
  readonly suspending: ReadonlySet<string>;
  readonly files: EngineFiles;
  /** Output dropped since the last {@link beginCall} for `limits.outputBytes`. */
  readonly truncated: { readonly stdout: boolean; readonly stderr: boolean };
  /** Gives the calls the instance's memory. */
  attachMemory(memory: WebAssembly.Memory): void;
  /** A new call has the whole budget of output. */
  beginCall(): void;
}

export type CreateEngine = (options: EngineOptions) => WasiEngine;

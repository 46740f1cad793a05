/**
 * Cloche: run Wasm plugins under glass.
 *
 * @module
 */

// Loading plugins, and calling them.
export { type LoadOptions, loadPlugin } from "./host/load-plugin.ts";
export { type CommandOptions, type CommandResult, runCommand } from "./host/run-command.ts";
export type { Grants } from "./host/grants.ts";
export type { StdinChunk, StdinSource } from "./host/stdin.ts";
export type { ClockOption, RandomOption } from "./protocol/worker-api.ts";
export type { Plugin } from "./host/plugin.ts";
export type { CallOptions, GuestFunction } from "./host/guest-function.ts";
export { type HostFunction, hostFunction } from "./host/host-function.ts";
export type { ModuleSource } from "./host/module-source.ts";
export type { CloseReason } from "./host/close-reason.ts";
export type { Isolation } from "./host/isolation.ts";
export type { Blocking } from "./host/blocking.ts";
export type { InterruptionChoice } from "./host/interruption.ts";
export type { Interruption } from "./rewrite/form.ts";
export type { TextSink } from "./host/text-sink.ts";
export type { WasiEngineChoice, WorkerScript } from "./host/worker-script.ts";

// Files.
export type { PluginFiles } from "./host/files.ts";
export type { FileSource } from "./host/file-source.ts";
export type { Mount, MountOptions } from "./host/mount.ts";
export type { FileTree } from "./wasi/file-tree.ts";
export type { DirectoryEntry, FileKind, FileStat } from "./wasi/file-system.ts";

// Types of values.
export { t } from "./codec/t.ts";
export type { Codec, InputOf, ValueOf } from "./codec/codec.ts";

// Limits and errors.
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export {
  CodecError,
  PluginClosedError,
  PluginError,
  PluginExitError,
  PluginFileError,
  PluginHostFunctionError,
  PluginLimitError,
  PluginLinkError,
  PluginLoadError,
  PluginTimeoutError,
  PluginTrapError,
} from "./errors.ts";

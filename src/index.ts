/**
 * Cloche: run Wasm plugins under glass.
 *
 * @module cloche
 */

// Plugins, pools and mounts are disposable, which older target libraries do not know.
/// <reference lib="esnext.disposable" preserve="true" />

// Loading plugins, and calling them.
export { type LoadOptions, loadPlugin } from "./host/load-plugin.ts";
export { type PreparedPlugin, prepare } from "./host/prepare.ts";
export { type Diagnosis, doctor, type Finding } from "./host/doctor.ts";
export { createPool, type PluginPool, type PoolOptions } from "./host/pool.ts";
export {
  replay,
  type ReplayDifference,
  type ReplayOptions,
  type ReplayReport,
} from "./host/replay.ts";
export type {
  ChangedFiles,
  RecordedAnswer,
  RecordedCall,
  RecordedEnd,
  RecordedModule,
  RecordedOperation,
  RecordedOptions,
  RecordedRun,
  RecordedStep,
  RecordedTree,
  Recording,
} from "./host/recording/recording.ts";
export {
  type CommandEventMap,
  type CommandOptions,
  type CommandResult,
  type CommandRun,
  runCommand,
} from "./host/run-command.ts";
export type { PluginOptions } from "./host/grants/plugin-options.ts";
export type { StdinChunk, StdinSource } from "./host/grants/stdin.ts";
export type { ClockOption, RandomOption } from "./protocol/start-options.ts";
export type { Plugin } from "./host/plugin.ts";
export type { DescribedFunction, PluginApi } from "./host/calls/described-functions.ts";
export type { CallOptions } from "./host/calls/call-options.ts";
export type { GuestFunction } from "./host/calls/guest-function.ts";
export {
  type HostCallContext,
  type HostFunction,
  type HostFunctions,
  hostFunction,
  type UnknownFunctions,
} from "./host/grants/host-function.ts";
export type { ModuleSource } from "./host/grants/module-source.ts";
export type { CloseReason } from "./host/events/close-reason.ts";
export type {
  CallEndEvent,
  CallStartEvent,
  CloseEvent,
  HostCallEndEvent,
  HostCallStartEvent,
  InputEvent,
  LimitEvent,
  Outcome,
  OutputEvent,
  PluginEvent,
  PluginEventMap,
  Restart,
  RestartEvent,
} from "./host/events/plugin-event.ts";
export type { Events, ListenOptions, PoolEventMap } from "./host/plugin-events.ts";
export type { Blocking } from "./host/grants/blocking.ts";
export type { Lane, LaneKind } from "./host/grants/lane.ts";
export type { InterruptionChoice } from "./host/grants/interruption.ts";
export type { Interruption } from "./rewrite/form.ts";
export type { TerminalOptions } from "./host/grants/terminal.ts";
export type { TextSink } from "./host/grants/text-sink.ts";
export type { Isolation, WasiEngineChoice, WorkerScript } from "./host/platform/worker-choice.ts";

// Files.
export type { PluginFiles } from "./host/files/plugin-files.ts";
export type { FileSource } from "./host/files/file-source.ts";
export type { Mount, MountOptions } from "./host/files/mount.ts";
export type { FileContents } from "./host/grants/byte-source.ts";
export type { FileTree } from "./host/grants/file-tree.ts";
export type { FileSnapshot } from "./files/file-tree.ts";
export type { DirectoryEntry, FileKind, FileStat } from "./files/file-system.ts";

// Types of values.
export { t } from "./codec/t.ts";
export { codecOf } from "./schema/codec-of.ts";
// Declarations of what a user makes of `t` name them.
export type { Codec, InputOf, NumericCodec, ValueOf } from "./codec/codec.ts";
export type { Duration } from "./codec/types/duration.ts";
export type { ResourceCodec } from "./codec/types/resource.ts";

// What a plugin says of itself.
export type {
  FunctionDescription,
  NamedType,
  ParameterDescription,
  PluginSchema,
} from "./schema/plugin-schema.ts";
export type { MemberDescription, TypeDescription } from "./codec/type-description.ts";

// Limits and errors.
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export {
  CodecError,
  type GuestFrame,
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
  type SourceLocation,
} from "./errors.ts";

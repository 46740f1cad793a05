/** Runs a recording again and compares what comes of it. */

import { decode } from "../codec/message.ts";
import type { FileSnapshot } from "../files/file-tree.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { codecOf } from "../schema/codec-of.ts";
import { base64Of } from "../schema/json/base64.ts";
import { invalid } from "../wording/invalid-value.ts";
import { printValue } from "../wording/print-value.ts";
import { closedError } from "./events/close-reason.ts";
import { EventHub } from "./events/event-hub.ts";
import { PluginFiles } from "./files/plugin-files.ts";
import { checkFunction, checkSignal } from "./grants/checks.ts";
import { checkSource, type ModuleSource } from "./grants/module-source.ts";
import { PLUGIN_OPTION_CHECKS } from "./grants/plugin-option-checks.ts";
import { type Check, readOptions } from "./grants/read-options.ts";
import type { TextSink } from "./grants/text-sink.ts";
import type { ReplayedHost } from "./instance/blueprint.ts";
import { LOAD_OPTION_CHECKS, loadParts } from "./load-plugin.ts";
import type { PluginCalls, PluginParts } from "./plugin.ts";
import { type CheckedRecording, checkRecording, decodeTree } from "./recording/check-recording.ts";
import { type Difference, differencesOf, type ShowResult } from "./recording/differences.ts";
import { endOf } from "./recording/recorder.ts";
import {
  changedFiles,
  decodeBytes,
  encodeTree,
  type RecordedCall,
  type RecordedEnd,
  type RecordedOperation,
} from "./recording/recording.ts";
import { ReplayedAnswers } from "./recording/replayed-answers.ts";
import { COMMAND_OPTION_CHECKS, loadCommand } from "./run-command.ts";
import { startTimer } from "./time/timer.ts";

/** The options of {@link replay}. */
export interface ReplayOptions {
  /** The module. Default: the one in the recording. A corrected one shows what it changes. */
  readonly source?: ModuleSource;
  /**
   * Limits that may be higher than the defaults. A recording can only lower them, as it may come from
   * anybody.
   */
  readonly limits?: Partial<Limits>;
  /**
   * Called with the plugin's files when all steps are done, unless the plugin is gone. The replay waits
   * for it, and rejects with what it throws. Not called for a command.
   */
  readonly onFiles?: (files: PluginFiles) => void | Promise<void>;
  /** Called with what the guest writes to standard output, as with `loadPlugin`. */
  readonly stdout?: TextSink;
  /** The same of standard error. */
  readonly stderr?: TextSink;
  /** Aborts the replay, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Something that went another way than in the recording. */
export interface ReplayDifference {
  /** The index in `recording.steps`; -1 for the start of the plugin. */
  readonly step: number;
  /** The guest function that was called; `undefined` for the start, and for a command. */
  readonly functionName: string | undefined;
  /** What happened then, in words. */
  readonly recorded: string;
  /** What happened now. */
  readonly replayed: string;
}

/** What came of a replay. */
export interface ReplayReport {
  /** Whether every call ended as it was recorded, with the same host calls. */
  readonly isSame: boolean;
  /** How many calls were made. The run of a command is one. */
  readonly calls: number;
  /** What went another way, in the order of the steps; empty if nothing did. */
  readonly differences: readonly ReplayDifference[];
  /** Whether the recording has all of its run: see `limits.recordingBytes`. */
  readonly isComplete: boolean;
  /** Limits that the recorded run had higher than the replay: differences may come of them. */
  readonly loweredLimits: readonly (keyof Limits)[];
}

const checkGivenSource: Check<ModuleSource> = (value) => {
  checkSource(value);
  return value;
};

const REPLAY_OPTION_CHECKS = {
  source: checkGivenSource,
  limits: PLUGIN_OPTION_CHECKS.limits,
  onFiles: checkFunction as Check<NonNullable<ReplayOptions["onFiles"]>>,
  stdout: PLUGIN_OPTION_CHECKS.stdout,
  stderr: PLUGIN_OPTION_CHECKS.stderr,
  signal: checkSignal,
};

/**
 * Runs a recording again, in a fresh plugin, and compares how each call ends. Of a command it compares
 * the exit code, the output and the changed files. Host calls and input are answered from the recording:
 * no function of the page is called.
 *
 * Results are compared byte by byte, errors by their class: browsers word traps in different ways.
 *
 * @param recording What `recording()` of a plugin or of a `CommandRun` gave, such as from `JSON.parse`.
 * @throws {TypeError} that names the place of what is wrong in the recording or the options.
 * @throws what `loadPlugin` or `runCommand` throws, when the guest does not start.
 * @example
 * const { isSame, differences } = await replay(JSON.parse(text), { source: "/plugins/fixed.wasm" });
 */
export async function replay(
  recording: unknown,
  options: ReplayOptions = {},
): Promise<ReplayReport> {
  const checked = checkRecording(recording);
  const given = readOptions(options, REPLAY_OPTION_CHECKS);
  const run = { ...given, source: given.source ?? moduleOf(checked) };
  const progress = new Progress(checked);
  try {
    if (checked.role === "plugin") await replayCalls(checked, run, progress);
    else await replayCommand(checked, run, progress);
  } catch (error) {
    given.signal?.throwIfAborted();
    throw error;
  }
  progress.answers.end();
  const { differences, calls } = progress;
  const { isComplete } = checked;
  const loweredLimits = loweredOf(checked.options["limits"], run.limits);
  return { isSame: differences.length === 0, calls, differences, isComplete, loweredLimits };
}

/** A recording of a plugin, or of a command. */
type RecordingOf<Role> = Extract<CheckedRecording, { readonly role: Role }>;

/** What a replay is given. */
interface Run {
  readonly source: ModuleSource;
  readonly limits: Limits | undefined;
  readonly onFiles: ReplayOptions["onFiles"] | undefined;
  readonly stdout: TextSink | undefined;
  readonly stderr: TextSink | undefined;
  readonly signal: AbortSignal | undefined;
}

/** How far a replay is, and what has come of it. */
class Progress {
  readonly differences: ReplayDifference[] = [];
  readonly answers: ReplayedAnswers;
  /** What stands for the page. */
  readonly host: ReplayedHost;
  calls = 0;
  step = -1;
  functionName: string | undefined;

  constructor(recording: CheckedRecording) {
    this.answers = new ReplayedAnswers(recording, (...difference) => this.differ(difference));
    this.host = { names: recording.hostFunctions, answers: this.answers };
  }

  differ([recorded, replayed]: Difference): void {
    const { step, functionName } = this;
    this.differences.push({ step, functionName, recorded, replayed });
  }

  /** A call or a run has ended. */
  ended(recorded: RecordedEnd, replayed: RecordedEnd, showResult?: ShowResult): void {
    for (const difference of differencesOf(recorded, replayed, showResult)) this.differ(difference);
  }
}

async function replayCalls(
  recording: RecordingOf<"plugin">,
  run: Run,
  progress: Progress,
): Promise<void> {
  const { source, onFiles, signal } = run;
  const given = readOptions(
    { ...optionsOf(recording, run), restart: recording.options["restart"] },
    LOAD_OPTION_CHECKS,
    OPTIONS_PLACE,
  );
  const parts = await loadParts(source, { ...given, signal }, progress.host);
  const { supervisor } = parts.calls;
  const onAbort = () => supervisor.terminate({ kind: "terminated", reason: signal?.reason });
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    for (const [index, step] of recording.steps.entries()) {
      signal?.throwIfAborted();
      progress.step = index;
      if (step.type === "files") {
        await operate(parts, step);
        continue;
      }
      // Nobody knows for how long it ran.
      if (step.end === undefined) continue;
      progress.functionName = step.functionName;
      progress.calls += 1;
      const end = await callAgain(parts, step);
      signal?.throwIfAborted();
      progress.ended(step.end, end, (bytes) => resultText(parts, step.functionName, bytes));
    }
    if (supervisor.reason === undefined) {
      await onFiles?.(new PluginFiles(supervisor, parts.calls.limits));
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    supervisor.terminate({ kind: "closed" });
  }
}

async function replayCommand(
  recording: RecordingOf<"command">,
  run: Run,
  progress: Progress,
): Promise<void> {
  const { source, signal } = run;
  const [step] = recording.steps;
  const given = readOptions(optionsOf(recording, run), COMMAND_OPTION_CHECKS, OPTIONS_PLACE);
  // It has not ended, or what it was given is not in the recording.
  if (step?.end === undefined) return;
  const { files = "none", limits: { callMs } = DEFAULT_LIMITS } = given;
  // Its files are given up.
  const before = files === "none" ? {} : encodeTree(files.tree);
  const parts = { events: new EventHub(), replayed: progress.host };
  const command = await loadCommand(source, { ...given, signal }, parts);
  progress.step = 0;
  progress.calls = 1;
  const controller = new AbortController();
  const onAbort = () => controller.abort();
  const stopTimer = stopAsRecorded(step.end, callMs, controller);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  let replayed: RecordedEnd;
  try {
    const timeoutMs = Math.min(step.timeoutMs ?? Infinity, callMs);
    const result = await command.run(timeoutMs, controller.signal);
    replayed = {
      kind: "exit",
      exitCode: result.exitCode,
      stdout: base64Of(result.stdoutBytes),
      stderr: base64Of(result.stderrBytes),
      files: changedFiles(before, result.files),
    };
  } catch (error) {
    replayed = endOf(error, controller.signal, 0);
  } finally {
    stopTimer();
    signal?.removeEventListener("abort", onAbort);
  }
  signal?.throwIfAborted();
  progress.ended(step.end, replayed);
}

function moduleOf({ module }: CheckedRecording): Uint8Array<ArrayBuffer> {
  if (module.bytes !== undefined) return decodeBytes(module.bytes);
  throw invalid("options.source", "missing, and the recording does not contain its module");
}

const OPTIONS_PLACE = "recording.options";

/** The options of the plugin or the command, still to be checked as any others. */
function optionsOf(
  { pluginName, options }: CheckedRecording,
  { limits: allowed = DEFAULT_LIMITS, stdout, stderr }: Run,
) {
  const { args, env, stdin, terminal, clock, random, limits, files } = options;
  return {
    name: pluginName,
    ...{ args, env, terminal, clock, random, stdout, stderr },
    limits: lowered(limits, allowed),
    files: files === "none" ? files : decodeTree(files, `${OPTIONS_PLACE}.files`),
    // The input that the guest asks for is in the recorded answers.
    stdin: typeof stdin === "string" ? decodeBytes(stdin) : () => null,
  };
}

/** Recorded limits, none above what is allowed. */
function lowered(recorded: unknown, allowed: Limits): Limits {
  const limits = recordedLimits(recorded, allowed).map(([name, value, most]) => [
    name,
    Math.min(value, most),
  ]);
  return Object.fromEntries(limits) as Limits;
}

/** The names of limits that are above what is allowed. */
function loweredOf(recorded: unknown, allowed: Limits = DEFAULT_LIMITS): (keyof Limits)[] {
  return recordedLimits(recorded, allowed)
    .filter(([, value, most]) => value > most)
    .map(([name]) => name);
}

/** Each limit as it was recorded, `null` for an infinite one, and what is allowed. */
function recordedLimits(
  recorded: unknown,
  allowed: Limits,
): (readonly [name: keyof Limits, value: number, most: number])[] {
  const given = Object(recorded) as Partial<Record<string, unknown>>;
  return (Object.entries(allowed) as [keyof Limits, number][]).map(([name, most]) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === null) return [name, Infinity, most];
    return [name, typeof value === "number" && value >= 0 ? value : most, most];
  });
}

/** Stops what the page has stopped, after the same time. Returns what cancels that. */
function stopAsRecorded(
  end: RecordedEnd | undefined,
  callMs: number,
  controller: AbortController,
): () => void {
  if (end?.kind !== "stopped") return () => {};
  return startTimer(Math.min(end.afterMs, callMs), () => controller.abort());
}

/** The value in a result of a function that the plugin describes. */
function resultText(
  { schema, calls }: PluginParts,
  functionName: string,
  bytes: string,
): string | undefined {
  const described = schema?.functions.find(({ name }) => name === functionName);
  if (described === undefined) return undefined;
  try {
    const codec = codecOf(described.result, schema?.types);
    return printValue(decode(codec, decodeBytes(bytes), calls.limits));
  } catch {
    // The bytes are of a module with another type, or hold a resource.
    return undefined;
  }
}

/** Makes a recorded call. */
async function callAgain(
  { calls, functions }: PluginParts,
  { functionName, args, timeoutMs, end }: RecordedCall,
): Promise<RecordedEnd> {
  const index = functions.indexOf(functionName);
  if (index < 0) {
    return { kind: "error", name: "PluginLinkError", message: `no function "${functionName}"` };
  }
  const controller = new AbortController();
  const { callMs } = calls.limits;
  const stopTimer = stopAsRecorded(end, callMs, controller);
  const bounds = { timeoutMs: Math.min(timeoutMs ?? Infinity, callMs), signal: controller.signal };
  try {
    const result = await callBytes(calls, { name: functionName, index, ...bounds, args });
    return { kind: "result", bytes: base64Of(result) };
  } catch (error) {
    return endOf(error, controller.signal, 0);
  } finally {
    stopTimer();
  }
}

function callBytes(
  { supervisor, queue }: PluginCalls,
  call: {
    readonly name: string;
    readonly index: number;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
    readonly args: string;
  },
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const { reason, pluginName } = supervisor;
    const args = decodeBytes(call.args);
    if (reason !== undefined) throw closedError(pluginName, reason);
    queue.add({
      ...call,
      ...{ args, bufferBytes: args.buffer.byteLength },
      watch: undefined,
      // A copy: the bytes may be in memory that is used again.
      resolve: (result) => resolve(result.slice()),
      reject,
    });
  });
}

/** Changes files as the page did. An error then is one now, and nothing comes of either. */
async function operate({ calls }: PluginParts, step: RecordedOperation): Promise<void> {
  const { supervisor } = calls;
  try {
    switch (step.operation) {
      case "write":
      case "append":
        return await supervisor.onFiles(step.operation, step.path, decodeBytes(step.bytes));
      case "mkdir":
      case "remove":
        return await supervisor.onFiles(step.operation, step.path);
      case "rename":
        return await supervisor.onFiles("rename", step.path, step.to);
      case "load":
        return await supervisor.onFiles("load", step.path, treeOf(step.tree));
      case "mount": {
        const { path, tree, volume, readOnly } = step;
        const options = { volume, readOnly, isJournaled: false };
        return await supervisor.onFiles("mount", path, treeOf(tree), options);
      }
      case "unmount": {
        const isolate = await supervisor.present();
        await isolate?.send("unmount", step.volume);
      }
    }
  } catch {
    // The calls that follow show whether that matters.
  }
}

function treeOf(tree: unknown): FileSnapshot {
  return decodeTree(tree, "tree");
}

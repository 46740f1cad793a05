/** Runs a recording again and compares what comes of it. */

import type { FileSnapshot } from "../files/file-tree.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { invalid } from "../wording/invalid-value.ts";
import { closedError } from "./events/close-reason.ts";
import { checkSignal } from "./grants/checks.ts";
import { checkSource, type ModuleSource } from "./grants/module-source.ts";
import { PLUGIN_OPTION_CHECKS } from "./grants/plugin-option-checks.ts";
import { type Check, readOptions } from "./grants/read-options.ts";
import { LOAD_OPTION_CHECKS, loadParts } from "./load-plugin.ts";
import type { PluginCalls, PluginParts } from "./plugin.ts";
import { type CheckedRecording, checkRecording, decodeTree } from "./recording/check-recording.ts";
import { endOf } from "./recording/recorder.ts";
import {
  decodeBytes,
  encodeBytes,
  type RecordedCall,
  type RecordedEnd,
  type RecordedOperation,
} from "./recording/recording.ts";
import { describeAsked, ReplayedAnswers } from "./recording/replayed-answers.ts";
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
  /** Aborts the replay, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Something that went another way than in the recording. */
export interface ReplayDifference {
  /** The index in `recording.steps`; -1 for the start of the plugin. */
  readonly step: number;
  /** The guest function that was called; `undefined` for the start. */
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
  /** How many calls were made. */
  readonly calls: number;
  readonly differences: readonly ReplayDifference[];
  /** Whether the recording has all of its run: see `limits.recordingBytes`. */
  readonly isComplete: boolean;
}

const checkGivenSource: Check<ModuleSource> = (value) => {
  checkSource(value);
  return value;
};

const REPLAY_OPTION_CHECKS = {
  source: checkGivenSource,
  limits: PLUGIN_OPTION_CHECKS.limits,
  signal: checkSignal,
};

/**
 * Runs a recording of `plugin.recording()` again, in a fresh plugin, and compares how each call ends.
 * Host calls and input are answered from the recording: no function of the page is called.
 *
 * Results are compared byte by byte, errors by their class: browsers word traps in different ways.
 *
 * @param recording A `Recording`, such as one from `JSON.parse`.
 * @throws {TypeError} that names the place of what is wrong in the recording or the options.
 * @throws what `loadPlugin` throws, when the plugin does not start.
 * @example
 * const { isSame, differences } = await replay(JSON.parse(text), { source: "/plugins/fixed.wasm" });
 */
export async function replay(
  recording: unknown,
  options: ReplayOptions = {},
): Promise<ReplayReport> {
  const checked = checkRecording(recording);
  const { source = moduleOf(checked), limits, signal } = readOptions(options, REPLAY_OPTION_CHECKS);
  const given = loadOptionsOf(checked, limits);
  const differences: ReplayDifference[] = [];
  let step = -1;
  let functionName: string | undefined;
  const differ = (recorded: string, replayed: string) => {
    differences.push({ step, functionName, recorded, replayed });
  };
  const answers = new ReplayedAnswers(checked.hostFunctions, checked.answers, differ);
  const host = { names: checked.hostFunctions, answers };
  const parts = await loadParts(source, { ...given, signal }, host);
  const { supervisor } = parts.calls;
  const onAbort = () => supervisor.terminate({ kind: "terminated", reason: signal?.reason });
  signal?.addEventListener("abort", onAbort, { once: true });
  let calls = 0;
  try {
    for (const [index, each] of checked.steps.entries()) {
      signal?.throwIfAborted();
      step = index;
      if (each.type === "files") {
        await operate(parts, each);
        continue;
      }
      ({ functionName } = each);
      calls += 1;
      const end = await callAgain(parts, each);
      signal?.throwIfAborted();
      if (each.end === undefined || end === undefined) continue;
      if (!isSameEnd(each.end, end)) differ(describeEnd(each.end), describeEnd(end));
    }
    if (checked.isComplete) {
      for (const asked of answers.left) differ(describeAsked(asked), "no host call");
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    supervisor.terminate({ kind: "closed" });
  }
  const { isComplete } = checked;
  return { isSame: differences.length === 0, calls, differences, isComplete };
}

function moduleOf({ module }: CheckedRecording): Uint8Array<ArrayBuffer> {
  if (module.bytes !== undefined) return decodeBytes(module.bytes);
  throw invalid("options.source", "missing, and the recording does not contain its module");
}

/** The options that the plugin was loaded with, checked as any others. */
function loadOptionsOf(
  { pluginName, options }: CheckedRecording,
  allowed: Limits = DEFAULT_LIMITS,
) {
  const place = "recording.options";
  const { args, env, stdin, terminal, clock, random, limits, files, restart } = options;
  const given = {
    name: pluginName,
    ...{ args, env, terminal, clock, random, restart },
    limits: lowered(limits, allowed),
    files: files === "none" ? files : decodeTree(files, `${place}.files`),
    // The input that the guest asks for is in the recorded answers.
    stdin: typeof stdin === "string" ? decodeBytes(stdin) : () => null,
  };
  return readOptions(given, LOAD_OPTION_CHECKS, place);
}

/** Recorded limits, none above what is allowed. */
function lowered(recorded: unknown, allowed: Limits): Limits {
  const given = Object(recorded) as Partial<Record<string, unknown>>;
  const entries = Object.entries(allowed).map(([name, most]: [string, number]) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    return [name, typeof value === "number" && value >= 0 ? Math.min(value, most) : most];
  });
  return Object.fromEntries(entries) as Limits;
}

/** Makes a recorded call. Gives `undefined` for one that was stopped, as in the recording. */
async function callAgain(
  { calls, functions }: PluginParts,
  { functionName, args, timeoutMs, end }: RecordedCall,
): Promise<RecordedEnd | undefined> {
  const index = functions.indexOf(functionName);
  if (index < 0) {
    return { kind: "error", name: "PluginLinkError", message: `no function "${functionName}"` };
  }
  const controller = new AbortController();
  const { callMs } = calls.limits;
  let stopTimer = () => {};
  if (end?.kind === "stopped") {
    stopTimer = startTimer(Math.min(end.afterMs, callMs), () => controller.abort());
  }
  const bounds = { timeoutMs: Math.min(timeoutMs ?? Infinity, callMs), signal: controller.signal };
  try {
    const result = await callBytes(calls, { name: functionName, index, ...bounds, args });
    return { kind: "result", bytes: encodeBytes(result) };
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
    if (reason !== undefined) throw closedError(pluginName, reason);
    queue.add({
      ...call,
      args: decodeBytes(call.args),
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

function isSameEnd(recorded: RecordedEnd, replayed: RecordedEnd): boolean {
  if (recorded.kind === "result" && replayed.kind === "result") {
    return recorded.bytes === replayed.bytes;
  }
  if (recorded.kind === "error" && replayed.kind === "error")
    return recorded.name === replayed.name;
  return recorded.kind === replayed.kind;
}

function describeEnd(end: RecordedEnd): string {
  switch (end.kind) {
    case "result":
      return `returned ${end.bytes === "" ? "no bytes" : end.bytes}`;
    case "error":
      return `${end.name}: ${end.message}`;
    case "timeout":
      return "timed out";
    case "stopped":
      return "was stopped by the page, or the plugin was closed";
  }
}

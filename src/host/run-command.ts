/** Runs a WASI command from start to exit. */

import type { FileSnapshot } from "../files/file-tree.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { CapturedOutput } from "./captured-output.ts";
import { EventHub } from "./events/event-hub.ts";
import { LoadMeasure, measureRun } from "./events/measures.ts";
import { OutputWatch } from "./events/output-watch.ts";
import type { PluginEventMap } from "./events/plugin-event.ts";
import { checkAmount, checkFlag } from "./grants/checks.ts";
import type { ModuleSource } from "./grants/module-source.ts";
import { type ChecksOf, PLUGIN_OPTION_CHECKS } from "./grants/plugin-option-checks.ts";
import type { PluginOptions } from "./grants/plugin-options.ts";
import { type Checked, readOptions } from "./grants/read-options.ts";
import { repeatable } from "./grants/repeatable.ts";
import type { ReplayedHost } from "./instance/blueprint.ts";
import { bringUp } from "./instance/bring-up.ts";
import { type Truncated, Usage } from "./instance/usage.ts";
import { type Events, PluginEvents } from "./plugin-events.ts";
import { Recorder } from "./recording/recorder.ts";
import type { Recording } from "./recording/recording.ts";

/** The options of {@link runCommand}. */
export interface CommandOptions extends PluginOptions {
  /** Aborts the command, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The time limit of the run in milliseconds, without loading. Default: `limits.callMs`. */
  readonly timeoutMs?: number;
  /**
   * Whether loading and the run are measured by `performance.measure`, to be seen in the browser's
   * performance panel. Default: `false`.
   */
  readonly measure?: boolean;
  /**
   * Whether the run is recorded, for {@link CommandRun.recording}. The guest's clock and randomness are
   * made up then, unless the options say which: real ones cannot be replayed. Default: `false`.
   */
  readonly record?: boolean;
}

/** The result of a command. */
export interface CommandResult {
  /** What the command passed to `proc_exit`, or 0 when it returned from `_start`. */
  readonly exitCode: number;
  /** Its standard output, decoded as UTF-8. See {@link stdoutBytes} for the bytes. */
  readonly stdout: string;
  /** Its standard error, decoded as UTF-8. */
  readonly stderr: string;
  /** Its standard output, at most `limits.outputBytes`. */
  readonly stdoutBytes: Uint8Array<ArrayBuffer>;
  /** Its standard error, at most `limits.outputBytes`. */
  readonly stderrBytes: Uint8Array<ArrayBuffer>;
  /** Which output was cut off at `limits.outputBytes`. */
  readonly truncated: Truncated;
  /** Units of fuel that it used, where `limits.fuel` is set; 0 elsewhere. */
  readonly fuelUsed: number;
  /** All files after the run. They can be the option `files` of another command. */
  readonly files: FileSnapshot;
}

/** The events of a command by their types. */
export type CommandEventMap = Pick<PluginEventMap, "output" | "input" | "limit" | "close">;

/** A command that runs: the promise of its result. */
export interface CommandRun extends Promise<CommandResult> {
  /** Tells of output, input, limits and the end: see `docs/events.md`. */
  readonly events: Events<CommandEventMap>;
  /**
   * What was recorded, when the run has ended, also by an error: see `docs/replay.md`.
   *
   * @param options `withModule`: whether the module's bytes are in it. Default: its SHA-256 alone.
   * @throws {TypeError} when the command was run without `record`.
   * @throws what the run rejects with, when that was before the command could start.
   * @example
   * const run = runCommand("/bin/wc.wasm", { record: true });
   * const report = JSON.stringify(await run.recording({ withModule: true }));
   */
  recording(options?: { readonly withModule?: boolean }): Promise<Recording>;
}

export const COMMAND_OPTION_CHECKS: ChecksOf<CommandOptions> = {
  ...PLUGIN_OPTION_CHECKS,
  timeoutMs: checkAmount,
  measure: checkFlag,
  record: checkFlag,
};

/** Options of {@link runCommand}, checked. */
type CheckedCommandOptions = Checked<typeof COMMAND_OPTION_CHECKS>;

/**
 * Runs a WASI command (a module with `_start`) in a fresh worker, which is terminated afterwards.
 *
 * An exit code other than 0 is a result, not an error.
 *
 * @throws {PluginLoadError} when the module cannot be fetched or compiled, or the worker not started.
 * @throws {PluginLinkError} when the module is no command, or imports anything but WASI preview 1.
 * @throws {PluginTrapError} when it traps.
 * @throws {PluginTimeoutError} when it runs longer than `timeoutMs`.
 * @throws {PluginLimitError} when the module is too large, or takes longer than `limits.fetchMs` to come
 *   or `limits.loadMs` to start.
 * @throws {TypeError} for an invalid source or option, before a worker starts.
 * @example
 * const { exitCode, stdout } = await runCommand("/bin/wc.wasm", {
 *   args: ["wc", "-l"],
 *   stdin: "one\ntwo\n",
 * });
 */
export function runCommand(source: ModuleSource, options: CommandOptions = {}): CommandRun {
  const events = new EventHub();
  let recorder: Recorder | undefined;
  let isLoaded = false;
  const run = async () => {
    const checked = readOptions(options, COMMAND_OPTION_CHECKS);
    recorder = checked.record === true ? new Recorder() : undefined;
    const command = await loadCommand(source, checked, { events, recorder });
    isLoaded = true;
    return command.run(checked.timeoutMs, checked.signal);
  };
  const result = run();
  const recording = async (options?: { readonly withModule?: boolean }) => {
    const { withModule = false } = readOptions(options, { withModule: checkFlag });
    await Promise.allSettled([result]);
    // What could not start has no run.
    if (recorder !== undefined && !isLoaded) await result;
    const recording = await recorder?.recording(withModule);
    if (recording !== undefined) return recording;
    throw new TypeError("Cannot get the recording of a command: run it with record: true");
  };
  return Object.assign(result, { events: new PluginEvents(events, () => {}), recording });
}

/** What hears of a command, and what stands for the page. */
interface CommandParts {
  readonly events: EventHub;
  readonly recorder?: Recorder | undefined;
  readonly replayed?: ReplayedHost | undefined;
}

/** A command that waits to be run. */
interface LoadedCommand {
  /**
   * Runs it, once, and terminates its worker.
   *
   * @param timeoutMs Default: `limits.callMs`.
   */
  run(timeoutMs: number | undefined, signal: AbortSignal | undefined): Promise<CommandResult>;
}

/** Loads a command. Files of the options are given up. */
export async function loadCommand(
  source: ModuleSource,
  given: CheckedCommandOptions,
  { events, recorder, replayed }: CommandParts,
): Promise<LoadedCommand> {
  const checked = recorder === undefined ? given : { ...given, ...repeatable(given) };
  const stdout = new CapturedOutput(checked.stdout);
  const stderr = new CapturedOutput(checked.stderr);
  const endOutput = () => {
    stdout.end();
    stderr.end();
  };
  const usage = new Usage();
  const loadMeasure = checked.measure === true ? new LoadMeasure() : undefined;
  const output = new OutputWatch(events, checked.limits ?? DEFAULT_LIMITS);
  const { blueprint, isolate } = await bringUp({
    source,
    role: "command",
    // It takes no calls.
    lane: "messages",
    options: checked,
    hostFunctions: {},
    canRestart: false,
    loadMeasure,
    recorder,
    replayed,
    events,
    hasListener: () => ({ stdout: true, stderr: true }),
    listen: () => (event) => {
      usage.add(event);
      if (event.type === "closed") endOutput();
      if (event.type === "truncated") output.truncated(event.fd);
      if (event.type !== "output") return;
      (event.fd === 1 ? stdout : stderr).write(event.bytes);
      // A copy: the result keeps the bytes.
      if (events.hears("output")) output.wrote(event.fd, event.bytes.slice());
    },
  });
  const { pluginName } = isolate;
  loadMeasure?.end(pluginName);

  const run: LoadedCommand["run"] = async (timeoutMs = blueprint.limits.callMs, signal) => {
    const endMeasure = loadMeasure === undefined ? undefined : measureRun(pluginName);
    recorder?.ran(timeoutMs);
    try {
      const { exitCode, files } = await isolate.run(timeoutMs, signal);
      endOutput();
      endMeasure?.({ isError: false });
      recorder?.exited({ exitCode, stdout: stdout.bytes, stderr: stderr.bytes, files });
      const { truncated, fuelUsed } = usage;
      return {
        exitCode,
        get stdout() {
          return stdout.text;
        },
        get stderr() {
          return stderr.text;
        },
        get stdoutBytes() {
          return stdout.bytes;
        },
        get stderrBytes() {
          return stderr.bytes;
        },
        truncated,
        fuelUsed,
        files,
      };
    } catch (error) {
      endMeasure?.({ isError: true });
      recorder?.failed(error, signal);
      events.emitLimitOf(error);
      throw error;
    } finally {
      isolate.terminate({ kind: "closed" });
      blueprint.flagPlace?.release();
      blueprint.stdin.close();
      const { reason } = isolate;
      if (reason !== undefined) events.emit({ type: "close", reason });
    }
  };
  return { run };
}

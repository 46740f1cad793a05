/** Runs a WASI command from start to exit. */

import type { FileSnapshot } from "../files/file-tree.ts";
import { CapturedOutput } from "./captured-output.ts";
import { EventHub } from "./events/event-hub.ts";
import { checkAmount } from "./grants/checks.ts";
import type { ModuleSource } from "./grants/module-source.ts";
import { type ChecksOf, PLUGIN_OPTION_CHECKS } from "./grants/plugin-option-checks.ts";
import type { PluginOptions } from "./grants/plugin-options.ts";
import { readOptions } from "./grants/read-options.ts";
import { bringUp } from "./instance/bring-up.ts";
import { type Truncated, Usage } from "./instance/usage.ts";

/** The options of {@link runCommand}. */
export interface CommandOptions extends PluginOptions {
  /** Aborts the command, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The time limit of the run in milliseconds, without loading. Default: `limits.callMs`. */
  readonly timeoutMs?: number;
}

/** The result of a command. */
export interface CommandResult {
  /** What the command passed to `proc_exit`, or 0 when it returned from `_start`. */
  readonly exitCode: number;
  /** Its standard output, decoded as UTF-8. See {@link stdoutBytes} for the bytes. */
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Uint8Array<ArrayBuffer>;
  readonly stderrBytes: Uint8Array<ArrayBuffer>;
  /** Which output was cut off at `limits.outputBytes`. */
  readonly truncated: Truncated;
  /** Units of fuel that it used, where `limits.fuel` is set; 0 elsewhere. */
  readonly fuelUsed: number;
  /** All files after the run. They can be the option `files` of another command. */
  readonly files: FileSnapshot;
}

const COMMAND_OPTION_CHECKS = {
  ...PLUGIN_OPTION_CHECKS,
  timeoutMs: checkAmount,
} satisfies ChecksOf<CommandOptions>;

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
export async function runCommand(
  source: ModuleSource,
  options: CommandOptions = {},
): Promise<CommandResult> {
  const checked = readOptions(options, COMMAND_OPTION_CHECKS);
  const stdout = new CapturedOutput(checked.stdout);
  const stderr = new CapturedOutput(checked.stderr);
  const endOutput = () => {
    stdout.end();
    stderr.end();
  };
  const usage = new Usage();
  const { blueprint, isolate } = await bringUp({
    source,
    role: "command",
    // It takes no calls.
    lane: "messages",
    options: checked,
    hostFunctions: {},
    canRestart: false,
    events: new EventHub(),
    hasListener: () => ({ stdout: true, stderr: true }),
    listen: () => (event) => {
      usage.add(event);
      if (event.type === "closed") endOutput();
      if (event.type === "output") (event.fd === 1 ? stdout : stderr).write(event.bytes);
    },
  });
  try {
    const { signal, timeoutMs = blueprint.limits.callMs } = checked;
    const { exitCode, files } = await isolate.run(timeoutMs, signal);
    endOutput();
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
  } finally {
    isolate.terminate({ kind: "closed" });
    blueprint.flagPlace?.release();
    blueprint.stdin.close();
  }
}

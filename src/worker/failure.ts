/** Turns what the guest threw, or the browser for it, into an error of this library. */

import { PluginError, PluginExitError, PluginLoadError, PluginTrapError } from "../errors.ts";
import { WasiExit } from "../wasi/wasi-exit.ts";
import { describeThrown } from "../wording/describe-thrown.ts";

/** What WebKit adds to messages: the expression of this library's own script that it ran. */
const EVALUATED = / \(evaluating '.*'\)$/s;

/**
 * The error of a guest that did not return.
 *
 * @param context `run`: what ran, see `wording/guest-run.ts`. `stderr`: the end of what it wrote there.
 */
export function guestFailure(
  thrown: unknown,
  context: { readonly pluginName: string; readonly run: string; readonly stderr: string },
): PluginError {
  if (thrown instanceof PluginError) return thrown;
  const { pluginName, run, stderr } = context;
  const label = `${run} of plugin "${pluginName}"`;
  if (thrown instanceof WasiExit) {
    const { exitCode } = thrown;
    return new PluginExitError(`${label} exited with code ${exitCode}`, { pluginName, exitCode });
  }
  const isException = thrown instanceof WebAssembly.Exception;
  const found = isException ? "uncaught exception" : describeThrown(thrown).replace(EVALUATED, "");
  const said = stderr.trim() === "" ? "" : `\n${stderr.trim()}`;
  return new PluginTrapError(`${label} trapped: ${found}${said}`, {
    pluginName,
    guestStack: guestFrames(thrown),
    stderr,
    cause: thrown,
  });
}

/** The error of a browser that cannot allocate a guest's memory; `undefined` for any other. */
export function allocationFailure(thrown: unknown, pluginName: string): PluginError | undefined {
  const isAllocation = thrown instanceof RangeError && /memory/i.test(thrown.message);
  if (!isAllocation) return undefined;
  return new PluginLoadError(
    `Cannot load plugin "${pluginName}": could not allocate its memory (${thrown.message}); close plugins or lower limits.memoryBytes`,
    { pluginName, cause: thrown },
  );
}

/**
 * The frames of an error's stack that are in Wasm, as the engine prints them, without the address of
 * the worker's script, which may be its whole text.
 */
function guestFrames(thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  return stack
    .split("\n")
    .filter((line) => /wasm/.test(line) && /\[\d+\]/.test(line))
    .map((line) => line.trim().replace(/@(blob|data):\S*/, "@worker"))
    .join("\n");
}

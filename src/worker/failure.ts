/** Turns whatever came out of the guest, or out of a worker's own code, into an error of this library. */

import { PluginError, PluginExitError, PluginLoadError, PluginTrapError } from "../errors.ts";
import { WasiExit } from "../wasi/wasi-exit.ts";

/**
 * The error of a guest that did not return.
 *
 * @param doing What it was at, such as `finish call "double"`.
 * @param stderr The end of what it wrote to stderr meanwhile.
 */
export function guestFailure(
  thrown: unknown,
  context: { readonly pluginName: string; readonly doing: string; readonly stderr: string },
): PluginError {
  if (thrown instanceof PluginError) return thrown;
  const { pluginName, doing, stderr } = context;
  const label = `Cannot ${doing} of plugin "${pluginName}"`;
  if (thrown instanceof WasiExit) {
    const { exitCode } = thrown;
    return new PluginExitError(
      `${label}: the guest exited with code ${exitCode}, expected it to return`,
      {
        pluginName,
        exitCode,
      },
    );
  }
  const found = describeThrown(thrown);
  const said = stderr.trim() === "" ? "" : `\n${stderr.trim()}`;
  return new PluginTrapError(
    `${label}: the guest trapped (${found}), expected it to return${said}`,
    {
      pluginName,
      guestStack: guestFrames(thrown),
      stderr,
      cause: thrown,
    },
  );
}

/** The error of a browser that has no room for a guest's memory; `undefined` for any other. */
export function noRoomFailure(thrown: unknown, pluginName: string): PluginError | undefined {
  const isNoRoom = thrown instanceof RangeError && /memory/i.test(thrown.message);
  if (!isNoRoom) return undefined;
  return new PluginLoadError(
    `Cannot load plugin "${pluginName}": the browser has no room for its memory (${thrown.message}), expected fewer plugins or smaller ones`,
    { pluginName, cause: thrown },
  );
}

function describeThrown(thrown: unknown): string {
  if (thrown instanceof WebAssembly.Exception) return "an exception that nothing caught";
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * The frames of an error's stack that lie in Wasm, in the engine's own words, but for the address of
 * the worker's script, which may be its whole text.
 */
function guestFrames(thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  return stack
    .split("\n")
    .filter((line) => /wasm/.test(line) && /\[\d+\]/.test(line))
    .map((line) => line.trim().replace(/(blob|data):\S*/, "worker"))
    .join("\n");
}

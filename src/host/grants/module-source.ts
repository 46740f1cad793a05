/** Gets a plugin's module: fetched and bounded. */

import { shownName } from "../../abi/names.ts";
import { PluginLimitError, PluginLoadError } from "../../errors.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import { startTimer } from "../time/timer.ts";

/** Where a module comes from: an address, a response, its bytes, or the compiled module itself. */
export type ModuleSource = string | URL | Response | BufferSource | WebAssembly.Module;

/**
 * What a plugin is called when nobody names it: its file's name without the ending, or `"plugin"`,
 * as where the address is the data itself.
 */
export function nameOfSource(source: ModuleSource): string {
  const address = source instanceof Response ? source.url : source;
  if (typeof address !== "string" && !(address instanceof URL)) return "plugin";
  const { protocol, pathname } = new URL(address, "file:///");
  if (protocol === "data:") return "plugin";
  const file = pathname.slice(pathname.lastIndexOf("/") + 1);
  return file.replace(/\.wasm$/, "") || "plugin";
}

/**
 * Brings a module's binary in, unless it is compiled already.
 *
 * @returns Bytes that the caller owns, or the module.
 * @throws {PluginLoadError} when it cannot be fetched.
 * @throws {PluginLimitError} when it is longer than `moduleBytes`, or has not come after `fetchMs`.
 * @throws the signal's reason when that aborts.
 */
export async function fetchModule(
  source: ModuleSource,
  bounds: Bounds,
): Promise<Uint8Array<ArrayBuffer> | WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  return isBufferSource(source) ? copyBytes(source, bounds) : fetchBytes(source, bounds);
}

interface Bounds {
  readonly pluginName: string;
  readonly moduleBytes: number;
  readonly fetchMs: number;
  /** Aborts when nobody waits for the module any more. */
  readonly signal: AbortSignal;
}

function isBufferSource(source: string | URL | Response | BufferSource): source is BufferSource {
  return ArrayBuffer.isView(source) || source instanceof ArrayBuffer;
}

/** A copy, so that the caller may change its bytes while they are compiled. */
function copyBytes(source: BufferSource, bounds: Bounds): Uint8Array<ArrayBuffer> {
  checkLength(source.byteLength, bounds);
  const view = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  return view.slice();
}

async function fetchBytes(
  source: string | URL | Response,
  bounds: Bounds,
): Promise<Uint8Array<ArrayBuffer>> {
  const { pluginName, fetchMs } = bounds;
  const address = source instanceof Response ? source.url : String(source);
  const failed = (found: string, cause?: unknown) =>
    new PluginLoadError(
      `Cannot fetch plugin "${pluginName}" from "${shownName(address)}": ${found}`,
      {
        pluginName,
        cause,
      },
    );
  const late = new AbortController();
  const stopTimer = startTimer(fetchMs, () => {
    const options = { pluginName, limit: "fetchMs", value: fetchMs, allowed: fetchMs } as const;
    const found = `not there after ${fetchMs} ms, expected it by then (limits.fetchMs)`;
    late.abort(new PluginLimitError(`Cannot fetch plugin "${pluginName}": ${found}`, options));
  });
  const signal = AbortSignal.any([bounds.signal, late.signal]);
  try {
    const response = source instanceof Response ? source : await fetch(source, { signal });
    return await readBounded(response, { ...bounds, signal });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof PluginLimitError) throw cause;
    throw failed(describeThrown(cause), cause);
  } finally {
    stopTimer();
  }
}

/** Reads a body, and stops as soon as it is longer than the limit, whatever its headers say. */
async function readBounded(response: Response, bounds: Bounds): Promise<Uint8Array<ArrayBuffer>> {
  const { signal } = bounds;
  const reader = response.body?.getReader();
  // A reader that is cancelled is at its end, even where its source never says anything.
  const cancel = (): void => void reader?.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  try {
    signal.throwIfAborted();
    if (!response.ok) throw new Error(`status ${response.status}, expected 200`);
    checkLength(Number(response.headers.get("content-length") ?? 0), bounds);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    for (;;) {
      const { done = true, value } = (await reader?.read()) ?? {};
      signal.throwIfAborted();
      if (done || value === undefined) return joined(chunks, length);
      length += value.length;
      checkLength(length, bounds);
      chunks.push(value);
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return bytes;
}

function checkLength(value: number, { pluginName, moduleBytes }: Bounds): void {
  if (value <= moduleBytes) return;
  throw new PluginLimitError(
    `Cannot load plugin "${pluginName}": module of ${value} bytes, expected at most ${moduleBytes} (limits.moduleBytes)`,
    { pluginName, limit: "moduleBytes", value, allowed: moduleBytes },
  );
}

/** Gets a plugin's module: fetched and bounded. */

import { shownName } from "../abi/names.ts";
import { PluginLimitError, PluginLoadError } from "../errors.ts";
import { describeThrown } from "./describe-thrown.ts";

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
 * @throws {PluginLimitError} when it is longer than `moduleBytes`.
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
  readonly signal: AbortSignal | undefined;
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
  const { pluginName, signal } = bounds;
  const address = source instanceof Response ? source.url : String(source);
  const failed = (found: string, cause?: unknown) =>
    new PluginLoadError(
      `Cannot fetch plugin "${pluginName}" from "${shownName(address)}": ${found}`,
      {
        pluginName,
        cause,
      },
    );
  try {
    const response =
      source instanceof Response ? source : await fetch(source, signal ? { signal } : {});
    if (!response.ok) throw failed(`status ${response.status}, expected 200`);
    return await readBounded(response, bounds);
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    if (cause instanceof PluginLoadError || cause instanceof PluginLimitError) throw cause;
    throw failed(describeThrown(cause), cause);
  }
}

/** Reads a body, and stops as soon as it is longer than the limit, whatever its headers say. */
async function readBounded(response: Response, bounds: Bounds): Promise<Uint8Array<ArrayBuffer>> {
  checkLength(Number(response.headers.get("content-length") ?? 0), bounds);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  if (response.body !== null) {
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > bounds.moduleBytes) await reader.cancel();
      checkLength(length, bounds);
      chunks.push(value);
    }
  }
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

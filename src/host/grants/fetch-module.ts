/** Gets the bytes of a plugin's module, within limits. */

import { environment } from "#platform/environment";
import { shownName } from "../../abi/names.ts";
import { isBlob, isBufferSource, isFile, isResponse, viewOf } from "../../brands.ts";
import { PluginLimitError, PluginLoadError } from "../../errors.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import { describeValue } from "../../wording/describe-value.ts";
import { limitError } from "../../wording/limit-error.ts";
import { startTimer } from "../time/timer.ts";
import { describeForeignBytes } from "./foreign-bytes.ts";
import { GatheredBytes } from "./gathered-bytes.ts";
import {
  addressOf,
  checkSource,
  isPromise,
  type ModuleSource,
  type SettledSource,
} from "./module-source.ts";

/** Bounds for the wait for a module. */
interface FetchBounds {
  readonly pluginName: string;
  readonly fetchMs: number;
  /** Aborts when the module is no longer needed. */
  readonly signal: AbortSignal | undefined;
}

interface Bounds extends FetchBounds {
  readonly moduleBytes: number;
}

/**
 * Checks a source, and waits for it where it is a promise of one.
 *
 * @throws {PluginLoadError} when the promise rejects.
 * @throws {PluginLimitError} when it has not settled after `fetchMs`.
 * @throws {TypeError} for what is no source, or when the promise resolves to that.
 * @throws the signal's reason when that aborts the wait.
 */
export async function settleSource(
  given: ModuleSource,
  bounds: FetchBounds,
): Promise<SettledSource> {
  checkSource(given);
  if (!isPromise(given)) return given;
  return withinFetchMs(bounds, async (signal) => {
    const aborted = new Promise<never>((_, reject) => {
      const abort = (): void => reject(signal.reason as Error);
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort, { once: true });
    });
    let source: SettledSource;
    try {
      source = await Promise.race([aborted, given]);
    } catch (cause) {
      if (signal.aborted) throw cause;
      const { pluginName } = bounds;
      const found = `the promise of its module was rejected (${describeThrown(cause)})`;
      throw new PluginLoadError(`Cannot load plugin "${pluginName}": ${found}`, {
        pluginName,
        cause,
      });
    }
    checkSource(source);
    return source;
  });
}

/**
 * Gets the bytes of a module, or the module where it is compiled already.
 *
 * @returns Bytes that the caller owns.
 * @throws {PluginLoadError} when it cannot be fetched, or is something else than a Wasm module.
 * @throws {PluginLimitError} when it is longer than `moduleBytes`, or has not arrived after `fetchMs`.
 * @throws the signal's reason when that aborts.
 */
export async function fetchModule(
  source: SettledSource,
  bounds: Bounds,
): Promise<Uint8Array<ArrayBuffer> | WebAssembly.Module> {
  let bytes: Uint8Array<ArrayBuffer>;
  if (isBufferSource(source)) bytes = copyBytes(source, bounds);
  else if (isBlob(source) || addressOf(source) !== undefined) {
    bytes = await fetchBytes(source as string | URL | Response | Blob, bounds);
  } else return source;
  const found = describeForeignBytes(bytes);
  if (found === undefined) return bytes;
  const { pluginName } = bounds;
  throw new PluginLoadError(
    `Cannot load plugin "${pluginName}": ${shownSource(source)} ${found}, not a WebAssembly module`,
    { pluginName },
  );
}

/** What messages call a source. */
function shownSource(source: SettledSource): string {
  const name = isFile(source) ? source.name : addressOf(source);
  return name === undefined || name === "" ? "its source" : `"${shownName(name)}"`;
}

/** Copies them, so that the caller may change its own while they are compiled. */
function copyBytes(source: BufferSource, bounds: Bounds): Uint8Array<ArrayBuffer> {
  checkLength(source.byteLength, bounds);
  return viewOf(source).slice();
}

async function fetchBytes(
  source: string | URL | Response | Blob,
  bounds: Bounds,
): Promise<Uint8Array<ArrayBuffer>> {
  if (isBlob(source)) checkLength(source.size, bounds);
  return withinFetchMs(bounds, async (signal) => {
    try {
      return await readBounded(await responseOf(source, signal), { ...bounds, signal });
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      if (cause instanceof PluginLimitError) throw cause;
      const { pluginName } = bounds;
      throw new PluginLoadError(
        `Cannot fetch plugin "${pluginName}" from ${shownSource(source)}: ${describeThrown(cause)}`,
        { pluginName, cause },
      );
    }
  });
}

async function responseOf(
  source: string | URL | Response | Blob,
  signal: AbortSignal,
): Promise<Response> {
  if (isBlob(source)) return new Response(source);
  return isResponse(source) ? source : environment.fetch(source, signal);
}

/** Reads a body, and stops as soon as it is longer than the limit, whatever its headers say. */
async function readBounded(
  response: Response,
  bounds: Bounds & { readonly signal: AbortSignal },
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal } = bounds;
  // A body that was read to its end can still be locked again, and has no bytes.
  if (response.bodyUsed) throw new Error("the body of the response was already read");
  const reader = response.body?.getReader();
  // A reader that is cancelled is at its end, even where its source never says anything.
  const cancel = (): void => void reader?.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  try {
    signal.throwIfAborted();
    if (!response.ok) throw new Error(describeStatus(response));
    const announced = announcedLength(response);
    checkLength(announced, bounds);
    const gathered = new GatheredBytes(announced);
    for (;;) {
      const { done = true, value } = (await reader?.read()) ?? {};
      signal.throwIfAborted();
      if (done || value === undefined) return gathered.take();
      // A page can make a body of whatever its own stream gives.
      const chunk: unknown = value;
      if (!isBufferSource(chunk)) throw new Error(`its body contains ${describeValue(chunk)}`);
      const bytes = viewOf(chunk);
      checkLength(gathered.length + bytes.length, bounds);
      gathered.add(bytes);
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}

/** How long the body is, by its header: 0 if that says nothing, and less than it is if it was compressed. */
function announcedLength({ headers }: Response): number {
  const length = Number(headers.get("content-length") ?? 0);
  return Number.isInteger(length) && length > 0 ? length : 0;
}

function describeStatus({ type, status }: Response): string {
  return type === "opaque"
    ? 'an opaque response, which no script can read (fetched with mode "no-cors")'
    : `status ${status}`;
}

/** Runs a wait with a signal that aborts with the bounds' own, or with a limit error after `fetchMs`. */
async function withinFetchMs<T>(
  { pluginName, fetchMs, signal }: FetchBounds,
  wait: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const stopTimer = startTimer(fetchMs, () => {
    const excess = { limit: "fetchMs", value: fetchMs, allowed: fetchMs } as const;
    late.abort(limitError(pluginName, excess));
  });
  try {
    return await wait(signal ? AbortSignal.any([signal, late.signal]) : late.signal);
  } finally {
    stopTimer();
  }
}

function checkLength(value: number, { pluginName, moduleBytes }: Bounds): void {
  if (value <= moduleBytes) return;
  throw limitError(pluginName, { limit: "moduleBytes", value, allowed: moduleBytes });
}

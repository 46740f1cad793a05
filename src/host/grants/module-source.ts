/** What a caller may give as a plugin's module, and the name that a plugin gets from it. */

import {
  isBlob,
  isBufferSource,
  isFile,
  isModule,
  isResponse,
  isUrl,
  viewOf,
} from "../../brands.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import { describeValue } from "../../wording/describe-value.ts";

/**
 * Where a module comes from: its address, a response, its bytes, a blob or file with them, the
 * compiled module itself, or a promise of one of these.
 */
export type ModuleSource = SettledSource | PromiseLike<SettledSource>;

/** A {@link ModuleSource} without the promise. */
export type SettledSource = string | URL | Response | BufferSource | Blob | WebAssembly.Module;

const ALLOWED =
  "a URL, a Response, a Blob, an ArrayBuffer or a view of one, a WebAssembly.Module, or a promise of one of these";

/** @throws {TypeError} for what is no source, such as an address that cannot be parsed. */
export function checkSource(source: unknown): asserts source is ModuleSource {
  if (isPromise(source)) return;
  if (typeof source === "string") checkAddress(source);
  else if (isBufferSource(source)) checkAttached(source);
  else if (![isUrl, isResponse, isBlob, isModule].some((isKind) => isKind(source))) {
    throw new TypeError(`Invalid module source: ${describeValue(source)} (must be ${ALLOWED})`);
  }
}

export function isPromise(source: unknown): source is PromiseLike<SettledSource> {
  try {
    return typeof (source as { then?: unknown } | undefined | null)?.then === "function";
  } catch {
    // A getter of its own has thrown.
    return false;
  }
}

/** The default name of a plugin: its file's name without `.wasm`, or `"plugin"` where there is no file name. */
export function nameOfSource(source: SettledSource): string {
  return fileNameOf(source).replace(/\.wasm$/, "") || "plugin";
}

function fileNameOf(source: SettledSource): string {
  if (isFile(source)) return source.name;
  const address = addressOf(source);
  if (address === undefined) return "";
  const { protocol, pathname } = new URL(address, BASE);
  if (protocol === "data:" || protocol === "blob:") return "";
  return pathname.slice(pathname.lastIndexOf("/") + 1);
}

/** Where a source was, or is to be, fetched from. Empty for a response that was made by the page. */
export function addressOf(source: SettledSource): string | undefined {
  if (typeof source === "string") return source;
  if (isUrl(source)) return source.href;
  return isResponse(source) ? source.url : undefined;
}

/** For addresses that are relative: what the page's own is does not matter to a file's name. */
const BASE = "file:///";

function checkAddress(address: string): void {
  try {
    void new URL(address, BASE);
  } catch (cause) {
    const shown = describeValue(address);
    throw new TypeError(`Invalid module source: ${shown} (must be a valid URL)`, { cause });
  }
}

function checkAttached(source: BufferSource): void {
  try {
    viewOf(source);
  } catch (cause) {
    const shown = describeValue(source);
    const found = describeThrown(cause);
    throw new TypeError(`Invalid module source: ${shown} (${found})`, { cause });
  }
}

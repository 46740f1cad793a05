/** Values as text, since Playwright's own way to pages loses maps, sets and keys. */

import { DevalueError, parse, stringify } from "devalue";

/** Packs the bytes of a view alone: it may be a part of a much larger buffer. */
const reducers = { view: packView };
const revivers = { view: (view: unknown) => view };

/**
 * Packs a value that consists of plain objects, arrays, maps, sets, buffers and primitive values.
 *
 * @param place What the value is, for the error.
 * @throws {TypeError} for a value that holds anything else.
 */
export function pack(value: unknown, place: string): string {
  try {
    return stringify(value, reducers);
  } catch (error) {
    const at = error instanceof DevalueError ? ` at ${error.path || "its top"}` : "";
    const why = error instanceof Error ? error.message : String(error);
    throw new TypeError(`Invalid ${place}: cannot be passed between test and page${at} (${why})`, {
      cause: error,
    });
  }
}

/** Unpacks what {@link pack} has packed. */
export function unpack(text: string): unknown {
  return parse(text, revivers);
}

function packView(value: unknown): unknown {
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return undefined;
  const isPlain = value.constructor.name in globalThis;
  if (isPlain && value.byteLength === value.buffer.byteLength) return undefined;
  // Of Node's Buffer too, whose own `slice` copies nothing.
  if (value instanceof Uint8Array) return new Uint8Array(value);
  return (value as Exclude<typeof value, Uint8Array> & { slice(): ArrayBufferView }).slice();
}

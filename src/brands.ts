/**
 * Tells platform objects apart by their brand, which `instanceof` can't: a caller's value may come
 * from an iframe, whose `ArrayBuffer` is another one.
 *
 * A getter of the prototype throws for every object that lacks the internal slot, a proxy and an
 * object with a made-up `Symbol.toStringTag` included.
 */

export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return hasSlot(value, "ArrayBuffer", "byteLength");
}

/** Only where the page has its constructor. */
export function isSharedArrayBuffer(value: unknown): value is SharedArrayBuffer {
  return hasSlot(value, "SharedArrayBuffer", "byteLength");
}

/** Whether it is an `ArrayBuffer` or a view, of shared memory too. */
export function isBufferSource(value: unknown): value is BufferSource {
  return ArrayBuffer.isView(value) || isArrayBuffer(value);
}

export function isBlob(value: unknown): value is Blob {
  return hasSlot(value, "Blob", "size");
}

export function isFile(value: unknown): value is File {
  return hasSlot(value, "File", "name");
}

export function isAbortSignal(value: unknown): value is AbortSignal {
  return hasSlot(value, "AbortSignal", "aborted");
}

export function isUrl(value: unknown): value is URL {
  return hasSlot(value, "URL", "href") || isUrlOfBundle(value);
}

/**
 * Whether it is what Next.js makes of `new URL("./file", import.meta.url)`: an object with the prototype of
 * a `URL`, whose address is relative and a property of its own.
 */
function isUrlOfBundle(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    if (Object.getPrototypeOf(value) !== globalThis.URL?.prototype) return false;
    return typeof Object.getOwnPropertyDescriptor(value, "href")?.value === "string";
  } catch {
    return false;
  }
}

export function isResponse(value: unknown): value is Response {
  return hasSlot(value, "Response", "status");
}

export function isReadableStream(value: unknown): value is ReadableStream {
  return hasSlot(value, "ReadableStream", "locked");
}

/** No type guard: `WebAssembly.Module` has no members, so TypeScript takes every value for one. */
export function isModule(value: unknown): boolean {
  try {
    WebAssembly.Module.customSections(value as WebAssembly.Module, "");
    return true;
  } catch {
    return false;
  }
}

/** The bytes of a buffer or a view: not a copy. @throws {TypeError} when the buffer is detached */
export function viewOf(source: BufferSource): Uint8Array<ArrayBuffer> {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

function hasSlot(value: unknown, constructor: string, getter: string): boolean {
  const global: object = globalThis;
  const { prototype } =
    (global as Record<string, { prototype: object } | undefined>)[constructor] ?? {};
  if (prototype === undefined) return false;
  try {
    // Runs the getter on the value.
    Reflect.get(prototype, getter, value);
    return true;
  } catch {
    return false;
  }
}

/** Whether it is a plain object of any realm: one with no prototype, or with an `Object.prototype`. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  } catch {
    // A proxy that was revoked.
    return false;
  }
}

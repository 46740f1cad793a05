/** Small predicates over data from another thread, which may be anything. */

/** Whether `data` is a plain object: not an array, and no other object that can be cloned, such as a `Map` or an error. */
export function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  if (typeof data !== "object" || data === null) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Whether `data` is bytes that fill at least half of their own buffer, as nearly all on the wire do: a few
 * bytes of a huge buffer would keep all of it in memory. Resizable buffers are rejected since functions
 * of the browser reject them, such as `TextDecoder`.
 */
export function isBytes(data: unknown): data is Uint8Array<ArrayBuffer> {
  return isPartOfBuffer(data) && data.length * 2 >= data.buffer.byteLength;
}

/** Whether `data` is bytes in any part of a buffer of its own, which is not resizable. */
export function isPartOfBuffer(data: unknown): data is Uint8Array<ArrayBuffer> {
  return data instanceof Uint8Array && data.buffer instanceof ArrayBuffer && !data.buffer.resizable;
}

/** Whether `data` is an integer from 0 to 2^53 - 1. */
export function isCount(data: unknown): data is number {
  return Number.isSafeInteger(data) && (data as number) >= 0;
}

/** Whether `data` is an integer from 0 to 2^32 - 1. */
export function isU32(data: unknown): data is number {
  return isCount(data) && data <= 0xffff_ffff;
}

export function isBoolean(data: unknown): data is boolean {
  return typeof data === "boolean";
}

export function isString(data: unknown): data is string {
  return typeof data === "string";
}

/**
 * Whether `data` is an array without holes of at most `maxItems` items. A message of a few bytes can be
 * an array of 2^32 - 1 holes, which takes minutes to walk and for which `every()` is true.
 */
export function isListOf<T>(
  data: unknown,
  isItem: (item: unknown) => item is T,
  maxItems: number,
): data is readonly T[] {
  if (!Array.isArray(data) || data.length > maxItems) return false;
  for (const item of data as readonly unknown[]) if (!isItem(item)) return false;
  return true;
}

export function isUndefined(data: unknown): data is undefined {
  return data === undefined;
}

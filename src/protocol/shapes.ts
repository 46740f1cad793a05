/** Small predicates over data that came from another thread and may be anything. */

/** Whether `data` is a plain object: no array, and none of what else can be cloned, such as a `Map` or an error. */
export function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  if (typeof data !== "object" || data === null) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Whether `data` is bytes over memory of its own that they fill at least half, as on the wire they
 * all do: a few bytes of a huge buffer would keep all of it alive. What is resizable is refused by
 * the browser's own functions, `TextDecoder` for one.
 */
export function isBytes(data: unknown): data is Uint8Array<ArrayBuffer> {
  if (!(data instanceof Uint8Array) || !(data.buffer instanceof ArrayBuffer)) return false;
  return !data.buffer.resizable && data.length * 2 >= data.buffer.byteLength;
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
 * Whether `data` is an array without holes of at most so many items. A few bytes are a message with
 * an array of 2^32 - 1 holes, which nobody may walk, and which `every()` takes for what is asked.
 */
export function isListOf<T>(
  data: unknown,
  isItem: (item: unknown) => item is T,
  most: number,
): data is readonly T[] {
  if (!Array.isArray(data) || data.length > most) return false;
  for (const item of data as readonly unknown[]) if (!isItem(item)) return false;
  return true;
}

export function isUndefined(data: unknown): data is undefined {
  return data === undefined;
}

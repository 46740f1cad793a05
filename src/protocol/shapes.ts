/** Small predicates over data that came from another thread and may be anything. */

/** Whether `data` is an object that is neither null nor an array. */
export function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

/** Whether `data` is bytes over memory of its own, as every buffer on the wire is. */
export function isBytes(data: unknown): data is Uint8Array<ArrayBuffer> {
  return data instanceof Uint8Array && data.buffer instanceof ArrayBuffer;
}

/** Whether `data` is an integer from 0 to 2^53 - 1. */
export function isCount(data: unknown): data is number {
  return Number.isSafeInteger(data) && (data as number) >= 0;
}

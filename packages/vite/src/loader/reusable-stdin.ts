import type { StdinChunk, StdinSource } from "cloche";

/** A standard input that one instance after another can read on: a stream ends with its first reader. */
export function reusableStdin(source: StdinSource): StdinSource {
  if (source instanceof ReadableStream) {
    const reader = source.getReader();
    return async () => (await reader.read()).value;
  }
  const iterator = iteratorOf(source);
  if (iterator === undefined) return source;
  return async () => {
    const { done, value } = await iterator.next();
    return done === true ? null : value;
  };
}

function iteratorOf(
  source: StdinSource,
): AsyncIterator<StdinChunk> | Iterator<StdinChunk> | undefined {
  if (typeof source !== "object" || ArrayBuffer.isView(source)) return undefined;
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  return Symbol.iterator in source ? source[Symbol.iterator]() : undefined;
}

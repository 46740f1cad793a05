/** Standard inputs, and how the worker gets them. */

/** One piece of input; text is sent as UTF-8. `null` is the end. */
export type StdinChunk = string | Uint8Array | null;

/**
 * A standard input: all of it, a stream, or a function that is asked for the next piece whenever the
 * guest wants more. The guest stands still until a piece has come; for that, a stream and a function
 * need what host functions need (see `blocking`). By shared memory a guest that polls its input for
 * a limited time waits until a piece has come all the same.
 */
export type StdinSource =
  | string
  | Uint8Array
  | ReadableStream<string | Uint8Array>
  | (() => StdinChunk | Promise<StdinChunk>);

/** Reads the next bytes; none at the end. */
export type ReadStdin = () => Promise<Uint8Array>;

/** Splits a source into what the worker has from the start, and what it asks the page for. */
export function openStdin(source: StdinSource = ""): {
  readonly bytes: Uint8Array | "page";
  readonly read: ReadStdin | undefined;
} {
  if (typeof source === "function") return { bytes: "page", read: async () => nextOf(source) };
  if (source instanceof ReadableStream) return { bytes: "page", read: streamReader(source) };
  return { bytes: bytesOf(source), read: undefined };
}

/** The next piece that has any bytes: an empty one would read as the end. */
async function nextOf(next: () => StdinChunk | Promise<StdinChunk>): Promise<Uint8Array> {
  for (;;) {
    const chunk = await next();
    if (chunk === null) return new Uint8Array();
    const bytes = bytesOf(chunk);
    if (bytes.length > 0) return bytes;
  }
}

function streamReader(stream: ReadableStream<string | Uint8Array>): ReadStdin {
  const reader = stream.getReader();
  return () =>
    nextOf(async () => {
      const { done, value } = await reader.read();
      return done ? null : value;
    });
}

/** A copy, since bytes are given up on their way to the worker. */
function bytesOf(chunk: string | Uint8Array): Uint8Array {
  return typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk.slice();
}

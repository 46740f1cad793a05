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

/** A standard input that is open. */
export interface Stdin {
  /** All of it, or `"page"` when the page is asked for it. */
  readonly bytes: Uint8Array | "page";
  /**
   * Reads the next bytes; none at the end. What nobody is there to take any more when it comes is kept
   * for whoever asks next.
   */
  readonly read: ((isClosed: () => boolean) => Promise<Uint8Array>) | undefined;
}

/** Splits a source into what the worker has from the start, and what it asks the page for. */
export function openStdin(source: StdinSource = ""): Stdin {
  if (typeof source === "function") return asked(async () => nextOf(source));
  if (source instanceof ReadableStream) return asked(streamReader(source));
  return { bytes: bytesOf(source), read: undefined };
}

function asked(next: () => Promise<Uint8Array>): Stdin {
  let piece: Promise<Uint8Array> | undefined;
  const read = async (isClosed: () => boolean) => {
    piece ??= next();
    const taken = piece;
    try {
      return await taken;
    } finally {
      if (piece === taken && !isClosed()) piece = undefined;
    }
  };
  return { bytes: "page", read };
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

function streamReader(stream: ReadableStream<string | Uint8Array>): () => Promise<Uint8Array> {
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

/** Standard inputs, and how the worker gets them. */

import { startTimer } from "../time/timer.ts";
import { copyBytes } from "./byte-source.ts";
import { invalidValue } from "./invalid-value.ts";

/** One piece of input; text is sent as UTF-8. `null` is the end. */
export type StdinChunk = string | Uint8Array | null;

/**
 * A standard input: all of it, a stream, or a function that is asked for the next piece whenever the
 * guest wants more. The guest stands still until a piece has come; for that, a stream and a function
 * need what host functions need (see `blocking`). By shared memory a guest that polls its input for
 * a limited time waits until a piece has come all the same. A function that gives an empty piece is
 * asked again a moment later. A stream is unlocked when the plugin ends, and not cancelled: what has
 * not been read of it is for the next one who reads it.
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
  /** Gives a stream back. Nobody reads after it. */
  readonly close: () => void;
}

/** @throws {TypeError} for what is no source. */
export function checkStdin(value: unknown, place: string): StdinSource {
  const isSource = typeof value === "string" || typeof value === "function" || isStream(value);
  if (isSource) return value as StdinSource;
  const bytes = copyBytes(value, place);
  if (bytes !== undefined) return bytes;
  throw invalidValue(place, value, "text, bytes, a ReadableStream or a function");
}

function isStream(value: unknown): boolean {
  return value instanceof ReadableStream;
}

/** Splits a source into what the worker has from the start, and what it asks the page for. */
export function openStdin(source: StdinSource = ""): Stdin {
  if (typeof source === "function") return asked(async () => source(), nothing);
  if (source instanceof ReadableStream) return streamed(source);
  return { bytes: bytesOf(source), read: undefined, close: nothing };
}

const nothing = () => {};

function streamed(stream: ReadableStream<string | Uint8Array>): Stdin {
  const reader = stream.getReader();
  const next = async () => {
    const { done, value } = await reader.read();
    return done ? null : value;
  };
  return asked(next, () => reader.releaseLock());
}

function asked(next: () => Promise<StdinChunk>, close: () => void): Stdin {
  let piece: Promise<StdinChunk> | undefined;
  const nextPiece = async (isClosed: () => boolean) => {
    piece ??= next();
    const taken = piece;
    try {
      return await taken;
    } finally {
      if (piece === taken && !isClosed()) piece = undefined;
    }
  };
  const read = async (isClosed: () => boolean) => {
    for (;;) {
      const chunk = await nextPiece(isClosed);
      // Bytes of its own, since another instance may have waited for the same piece.
      const bytes = chunk === null ? new Uint8Array() : bytesOf(chunk);
      if (chunk === null || bytes.length > 0) return bytes;
      // An empty piece would read as the end. A page that has none yet has to get to do other things.
      await new Promise<void>((resolve) => startTimer(0, resolve));
      if (isClosed()) return bytes;
    }
  };
  return { bytes: "page", read, close };
}

/** A copy, since bytes are given up on their way to the worker. */
function bytesOf(chunk: string | Uint8Array): Uint8Array {
  return typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk.slice();
}

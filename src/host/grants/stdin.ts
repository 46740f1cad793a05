/** Standard inputs, and how the worker gets them. */

import { isBlob, isReadableStream } from "../../brands.ts";
import { invalid, invalidValue, readingValue } from "../../wording/invalid-value.ts";
import { startTimer } from "../time/timer.ts";
import { copyBytes, readBlob } from "./byte-source.ts";

/** One piece of input; text is sent as UTF-8. `null` and `undefined` are the end. */
export type StdinChunk = string | AllowSharedBufferSource | null | undefined;

/**
 * A standard input: all of it, or a source of pieces, which is asked for the next one whenever the
 * guest wants more. The guest is suspended until it has come; for that, a source needs what host
 * functions need (see `blocking`). A function that gives an empty piece is asked again a moment later.
 *
 * When a source throws, rejects or gives anything but a piece, the guest's read fails with EIO, and its
 * call rejects with a `PluginError` that has the reason as its `cause`.
 *
 * When the plugin ends, a stream is unlocked and not cancelled: what has not been read of it is for
 * whoever reads it next. An iterator is closed by its `return`.
 */
export type StdinSource =
  | string
  | AllowSharedBufferSource
  | Blob
  | ReadableStream<string | AllowSharedBufferSource>
  | AsyncIterable<StdinChunk>
  | Iterable<StdinChunk>
  | (() => StdinChunk | Promise<StdinChunk>);

/** A standard input that is open. */
export interface Stdin {
  /** All of it, or `"page"` when the page is asked for it. */
  readonly bytes: Uint8Array | "page";
  /**
   * Reads the next bytes; none at the end. A piece that comes when its reader is closed is kept for the
   * next reader.
   */
  readonly read: ((isClosed: () => boolean) => Promise<Uint8Array>) | undefined;
  /** Gives the source back. Nobody reads after it. */
  readonly close: () => void;
}

type Pieces = AsyncIterator<StdinChunk> | Iterator<StdinChunk>;

/** @throws {TypeError} for what is no source, or a stream that somebody else reads. */
export function checkStdin(value: unknown, place: string): StdinSource {
  if (typeof value === "string" || typeof value === "function" || isBlob(value)) {
    return value as StdinSource;
  }
  if (isReadableStream(value)) {
    if (isLocked(value)) throw invalid(place, "the stream is locked");
    return value;
  }
  const bytes = copyBytes(value, place);
  if (bytes !== undefined) return bytes;
  if (readingValue(place, () => iterationOf(value)) !== undefined) return value as StdinSource;
  const allowed = "text, bytes, a Blob, a ReadableStream, an iterable or a function";
  throw invalidValue(place, value, allowed);
}

/** Opens a source that was checked: what the worker has from the start, and what it asks the page for. */
export async function openStdin(source: StdinSource = ""): Promise<Stdin> {
  if (typeof source === "function") return asked(async () => source(), nothing);
  if (isBlob(source)) return whole(await readBlob(source, PLACE));
  if (isReadableStream(source)) return streamed(source);
  const bytes = copyBytes(source, PLACE);
  return bytes === undefined ? iterated(source as AsyncIterable<StdinChunk>) : whole(bytes);
}

const PLACE = "options.stdin";

const nothing = () => {};

function whole(bytes: Uint8Array): Stdin {
  return { bytes, read: undefined, close: nothing };
}

// Not their own methods: a stream of another realm has others.
function isLocked(stream: ReadableStream): boolean {
  return Reflect.get(ReadableStream.prototype, "locked", stream);
}

function streamed(stream: ReadableStream<string | AllowSharedBufferSource>): Stdin {
  const reader = ReadableStream.prototype.getReader.call(
    stream,
    {},
  ) as ReadableStreamDefaultReader<StdinChunk>;
  const next = async () => {
    const { done, value } = await reader.read();
    return done ? null : value;
  };
  return asked(next, () => reader.releaseLock());
}

function iterated(source: AsyncIterable<StdinChunk> | Iterable<StdinChunk>): Stdin {
  const iterator = iterationOf(source)?.call(source) as Pieces;
  const next = async () => {
    const { done, value } = await iterator.next();
    return done === true ? null : value;
  };
  const close = async () => iterator.return?.(undefined);
  // What it throws at its end is of no use to anybody any more.
  return asked(next, () => void close().catch(nothing));
}

/** What makes an iterator, for an object that has it. */
function iterationOf(value: unknown): ((this: unknown) => Pieces) | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { [Symbol.asyncIterator]: asyncOnes, [Symbol.iterator]: ones } = value as Partial<
    AsyncIterable<StdinChunk> & Iterable<StdinChunk>
  >;
  return [asyncOnes, ones].find((each) => typeof each === "function");
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
      if (chunk === null || chunk === undefined) return new Uint8Array();
      // Bytes of its own, since another instance may have waited for the same piece.
      const bytes = bytesOf(chunk);
      if (bytes.length > 0) return bytes;
      // An empty piece would read as the end. A page that has none yet has to get to do other things.
      await new Promise<void>((resolve) => startTimer(0, resolve));
      if (isClosed()) return bytes;
    }
  };
  return { bytes: "page", read, close };
}

/** A copy, since bytes are given up on their way to the worker. @throws {TypeError} for what is no piece */
function bytesOf(chunk: unknown): Uint8Array {
  const place = `${PLACE} chunk`;
  const bytes = copyBytes(chunk, place);
  if (bytes !== undefined) return bytes;
  throw invalidValue(place, chunk, "text or bytes, or null at the end");
}

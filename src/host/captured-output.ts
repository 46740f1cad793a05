/** What a command writes to one stream: its bytes and its text, and a sink that takes the text at once. */

import { decodingSink, type TextSink } from "./grants/text-sink.ts";

/** Joins when it is read: to join 100 MB takes as long as several frames, and not every caller reads it. */
export class CapturedOutput {
  #chunks: Uint8Array[] = [];
  #pieces: string[] = [];
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly #decoded = decodingSink((piece) => {
    this.#pieces.push(piece);
    this.#sink?.(piece);
  });
  readonly #sink: TextSink | undefined;

  constructor(sink: TextSink | undefined) {
    this.#sink = sink;
  }

  /** @param bytes Kept, not copied. */
  write(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#decoded.write(bytes);
  }

  /** Nothing more comes. May be called again. */
  end(): void {
    this.#decoded.end();
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    this.#bytes ??= joinChunks(this.#chunks);
    this.#chunks = [];
    return this.#bytes;
  }

  get text(): string {
    if (this.#pieces.length > 1) this.#pieces = [this.#pieces.join("")];
    return this.#pieces[0] ?? "";
  }
}

/** Copies chunks into one array, one after the other. */
function joinChunks(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return bytes;
}

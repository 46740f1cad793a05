import type { Codec } from "./codec.ts";
import { type CodecLimits, codecLimits } from "./codec-limits.ts";
import { Mismatch } from "./mismatch.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

export interface DecodeOptions {
  /**
   * The bytes belong to the decoded value from now on, which may keep views of them: a typed array
   * that lies aligned and makes up half of the buffer or more is not copied. Default: `false`.
   */
  readonly owned?: boolean;
}

/**
 * Encodes messages one after the other, and keeps its scratch buffer between them.
 *
 * @example
 * const encoder = new Encoder(limits);
 * const bytes = encoder.encode(codec, value);
 */
export class Encoder {
  readonly #limits: CodecLimits;
  readonly #writer: Writer;
  #isEncoding = false;

  constructor(limits?: Partial<CodecLimits>) {
    this.#limits = codecLimits(limits);
    this.#writer = new Writer(this.#limits);
  }

  /**
   * @returns the value's bytes, the caller's to keep or transfer. They start at byte 0 of a buffer
   * of their own, which may be longer than they are.
   * @throws CodecError when the value does not fit the codec or cannot be read, or its bytes do not
   * fit the limits.
   */
  encode<I>(codec: Codec<unknown, I>, value: NoInfer<I>): Uint8Array<ArrayBuffer> {
    const writer = this.#writer;
    // A getter within a value that is being encoded may come here: its message is another one.
    if (this.#isEncoding) return encode(codec, value, this.#limits);
    this.#isEncoding = true;
    try {
      codec.encode(writer, value);
      return writer.finish();
    } catch (thrown) {
      const error = writer.within(thrown);
      throw error instanceof Mismatch ? error.toError("encode") : error;
    } finally {
      writer.reset();
      this.#isEncoding = false;
    }
  }
}

/** Encodes one message: see {@link Encoder.encode}. */
export function encode<I>(
  codec: Codec<unknown, I>,
  value: NoInfer<I>,
  limits?: Partial<CodecLimits>,
): Uint8Array<ArrayBuffer> {
  return new Encoder(limits).encode(codec, value);
}

/**
 * Decodes one message. Bytes after its end are ignored, as `bincode::deserialize` ignores them.
 *
 * @param bytes A view of an `ArrayBuffer`, not of shared memory. The result is a copy: it has
 * nothing in common with `bytes`, unless these are `owned`.
 * @throws CodecError when the bytes do not hold what the codec expects, or go beyond the limits.
 */
export function decode<T>(
  codec: Codec<T, never>,
  bytes: Uint8Array,
  limits?: Partial<CodecLimits>,
  options: DecodeOptions = {},
): T {
  try {
    const reader = new Reader(
      bytes as Uint8Array<ArrayBuffer>,
      codecLimits(limits),
      options.owned ?? false,
    );
    return codec.decode(reader);
  } catch (error) {
    throw error instanceof Mismatch ? error.toError("decode") : error;
  }
}

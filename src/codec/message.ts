import type { BufferPool } from "./buffer-pool.ts";
import type { Codec } from "./codec.ts";
import { type CodecLimits, codecLimits } from "./codec-limits.ts";
import { readInto } from "./given-arrays.ts";
import type { Handles } from "./handles.ts";
import { Mismatch } from "./mismatch.ts";
import { Reader } from "./reader.ts";
import type { TypedArray } from "./typed-array.ts";
import { type EncoderMeans, Writer } from "./writer.ts";

export interface DecodeOptions {
  /**
   * The bytes belong to the decoded value from now on, which may keep views of them: a typed array
   * of more than 64 bytes that lies aligned and makes up half of the buffer or more is not copied.
   * Default: `false`.
   */
  readonly owned?: boolean;
  /** The typed array that the value is written into, of the kind that the codec has. */
  readonly out?: TypedArray | undefined;
  /** Takes the memory of owned bytes that the value keeps no views of. */
  readonly pool?: BufferPool;
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
  readonly #means: EncoderMeans | undefined;
  readonly #writer: Writer;
  #isEncoding = false;

  constructor(limits?: Partial<CodecLimits>, means?: EncoderMeans) {
    this.#limits = codecLimits(limits);
    this.#means = means;
    this.#writer = new Writer(this.#limits, means);
  }

  /**
   * @returns the value's bytes, the caller's to keep or transfer. They start at byte 0 of a buffer
   * of their own, which may be longer than they are.
   * @throws CodecError when the value does not fit the codec or cannot be read, or its bytes do not
   * fit the limits.
   */
  encode<I>(codec: Codec<unknown, I>, value: NoInfer<I>): Uint8Array<ArrayBuffer> {
    return this.#encode(codec, value, undefined, 0) as Uint8Array<ArrayBuffer>;
  }

  /**
   * Writes the value's bytes to `target` from byte `offset` on, without a buffer of their own. `target`
   * may be a view of shared memory.
   *
   * @returns their number; or, where they do not fit, the bytes as {@link encode} gives them, with
   * nothing written.
   * @throws CodecError as {@link encode}.
   */
  encodeInto<I>(
    codec: Codec<unknown, I>,
    value: NoInfer<I>,
    target: Uint8Array,
    offset = 0,
  ): number | Uint8Array<ArrayBuffer> {
    return this.#encode(codec, value, target, offset);
  }

  #encode<I>(
    codec: Codec<unknown, I>,
    value: I,
    target: Uint8Array | undefined,
    offset: number,
  ): number | Uint8Array<ArrayBuffer> {
    // A getter within a value that is being encoded may come here: its message is another one.
    if (this.#isEncoding) {
      return new Encoder(this.#limits, this.#means).#encode(codec, value, target, offset);
    }
    const writer = this.#writer;
    this.#isEncoding = true;
    try {
      codec.encode(writer, value);
      return target === undefined ? writer.finish() : writer.finishInto(target, offset);
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
 * Decodes messages one after the other, and keeps its scratch buffer between them.
 *
 * @example
 * const decoder = new Decoder(limits);
 * const value = decoder.decode(codec, bytes, { owned: true });
 */
export class Decoder {
  readonly #limits: CodecLimits;
  readonly #reader: Reader;
  #isDecoding = false;

  readonly #handles: Handles | undefined;

  /** @param handles Where resources are found. */
  constructor(limits?: Partial<CodecLimits>, handles?: Handles) {
    this.#limits = codecLimits(limits);
    this.#handles = handles;
    this.#reader = new Reader(this.#limits, handles);
  }

  /**
   * Decodes one message. Bytes after its end are ignored, as `bincode::deserialize` ignores them.
   *
   * @param bytes May be a view of shared memory, which is copied before it is looked at. The result is
   * a copy: it has nothing in common with `bytes`, unless these are `owned`.
   * @throws CodecError when the bytes do not hold what the codec expects, or go beyond the limits.
   */
  decode<T>(codec: Codec<T, never>, bytes: Uint8Array, options: DecodeOptions = {}): T {
    const { owned = false, out, pool } = options;
    // A lazy codec may be made by code that decodes.
    if (this.#isDecoding)
      return new Decoder(this.#limits, this.#handles).decode(codec, bytes, options);
    const reader = this.#reader;
    this.#isDecoding = true;
    try {
      reader.start(bytes, owned);
      const value =
        out !== undefined && codec.array !== undefined
          ? (readInto(reader, codec.array, out) as T)
          : codec.decode(reader);
      if (owned && !reader.isViewed) pool?.give(bytes.buffer as ArrayBuffer);
      return value;
    } catch (error) {
      throw error instanceof Mismatch ? error.toError("decode") : error;
    } finally {
      reader.reset();
      this.#isDecoding = false;
    }
  }
}

/** Decodes one message: see {@link Decoder.decode}. */
export function decode<T>(
  codec: Codec<T, never>,
  bytes: Uint8Array,
  limits?: Partial<CodecLimits>,
  options?: DecodeOptions,
): T {
  return new Decoder(limits).decode(codec, bytes, options);
}

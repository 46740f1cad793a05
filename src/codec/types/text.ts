import { ASCII_BYTES, isAscii, readAscii } from "../ascii.ts";
import type { Codec } from "../codec.ts";
import type { Reader } from "../reader.ts";
import { SHORT_TEXT } from "../short-texts.ts";
import { WEIGHTS } from "../weights.ts";
import type { Writer } from "../writer.ts";

/** Up to this many characters a loop beats the fixed cost of `encodeInto`. */
const LOOP_CHARACTERS = 96;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * `String`, `&str` and `PathBuf`: a string. One with a lone surrogate is refused: UTF-8 has no form
 * for it, and a replacement character in its place would be another string.
 */
export const string: Codec<string> = {
  type: { kind: "string" },
  minBytes: 8,
  weight: WEIGHTS.item,
  nullable: false,
  encode: (writer, value: unknown) => {
    if (typeof value !== "string") throw writer.wrong(value, "string (a string)");
    if (value.length <= LOOP_CHARACTERS && writeAscii(writer, value)) return;
    const start = writer.take(8);
    if (!value.isWellFormed()) {
      throw writer.mismatch("string with a lone surrogate, which UTF-8 lacks", start);
    }
    writeUtf8(writer, value);
    writer.setLength(start, writer.offset - start - 8);
  },
  decode: (reader) => {
    const byteLength = reader.length(1);
    const at = reader.offset;
    reader.offset = at + byteLength;
    return readUtf8(reader, at, byteLength);
  },
};

/** `char`: a string of exactly one Unicode scalar value, 1 to 4 bytes. */
export const char: Codec<string> = {
  type: { kind: "char" },
  minBytes: 1,
  weight: WEIGHTS.scalar,
  nullable: false,
  encode: (writer, value: unknown) => {
    if (typeof value !== "string" || !isScalar(value)) {
      throw writer.wrong(value, "char (a string of one Unicode scalar value)");
    }
    writeUtf8(writer, value);
  },
  decode: (reader) => {
    const at = reader.take(1, "char");
    const width = utf8Width(reader.view.getUint8(at));
    reader.take(width - 1, "the rest of a char");
    return readUtf8(reader, at, width);
  },
};

function isScalar(text: string): boolean {
  const codePoint = text.codePointAt(0);
  return (
    codePoint !== undefined && text.length === (codePoint > 0xffff ? 2 : 1) && text.isWellFormed()
  );
}

/** How many bytes a character with this first byte has; 1 where no character starts with it. */
function utf8Width(firstByte: number): number {
  if (firstByte < 0xc0) return 1;
  if (firstByte < 0xe0) return 2;
  return firstByte < 0xf0 ? 3 : 4;
}

/** Writes a length and the text. @returns false, with nothing written, when it is not all ASCII. */
function writeAscii(writer: Writer, text: string): boolean {
  const { length } = text;
  const start = writer.take(8 + length);
  const at = start + 8;
  const { bytes } = writer;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) {
      writer.offset = start;
      return false;
    }
    bytes[at + index] = code;
  }
  writer.setLength(start, length);
  return true;
}

function writeUtf8(writer: Writer, text: string): void {
  // No character takes more than three bytes for each of its UTF-16 units, none less than one.
  if (text.length * 3 <= writer.bytes.length - writer.offset) {
    const { written } = encoder.encodeInto(text, writer.bytes.subarray(writer.offset));
    writer.offset += written;
  } else {
    writer.reserve(text.length);
    writer.copy(encoder.encode(text));
  }
}

function readUtf8(reader: Reader, at: number, byteLength: number): string {
  const { bytes, view } = reader;
  if (byteLength >= SHORT_TEXT.minBytes && byteLength <= SHORT_TEXT.maxBytes) {
    const text = reader.shortTexts.read(bytes, view, at, byteLength);
    if (text !== undefined) return text;
  } else if (byteLength <= ASCII_BYTES && isAscii(bytes, at, byteLength)) {
    return readAscii(bytes, at, byteLength);
  }
  reader.count(WEIGHTS.decodedText + byteLength * WEIGHTS.textByte, at);
  try {
    return decoder.decode(bytes.subarray(at, at + byteLength));
  } catch {
    throw reader.mismatch("bytes are not UTF-8", at);
  }
}

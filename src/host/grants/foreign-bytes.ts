/** Says what bytes are that a caller took for a WebAssembly module. */

/** Enough to tell a text from other bytes. */
const START_BYTES = 512;

const SHOWN_CHARACTERS = 40;

const WASM = [0x00, 0x61, 0x73, 0x6d];

/** Formats by their first bytes. */
const FORMATS: readonly (readonly [start: readonly number[], is: string])[] = [
  // Version 13 of layer 1; core modules are of layer 0.
  [[...WASM, 0x0d, 0x00, 0x01, 0x00], "is a WebAssembly component"],
  [[0x1f, 0x8b], "is compressed with gzip"],
  [[0x28, 0xb5, 0x2f, 0xfd], "is compressed with zstd"],
  [[0x50, 0x4b, 0x03, 0x04], "is a ZIP archive"],
  [[...new TextEncoder().encode("!<arch>\n")], "is a static library"],
  [[0x7f, 0x45, 0x4c, 0x46], "is a native ELF binary"],
  [[0xcf, 0xfa, 0xed, 0xfe], "is a native Mach-O binary"],
  [[0x4d, 0x5a], "is a native Windows binary"],
  [[0x42, 0x43, 0xc0, 0xde], "is LLVM bitcode"],
  [[0xff, 0xfe], "is text in UTF-16"],
  [[0xfe, 0xff], "is text in UTF-16"],
];

/** Texts by how they start, without white space. */
const TEXTS: readonly (readonly [start: RegExp, is: string])[] = [
  [/^<(!doctype html|html|head|body)\b/i, "is an HTML page"],
  [/^<([?!]|[a-z])/i, "is an XML document"],
  [/^version https:\/\/git-lfs\.github\.com\//, "is a Git LFS pointer (see git lfs pull)"],
  [
    /^(\(;|;;|\((module|component|type|import|func|memory)\b)/,
    "is WebAssembly text (see wat2wasm)",
  ],
  [/^[{[]/, "is JSON"],
  [/^AGFzb[Q-T]/, "is a module in base64"],
];

/**
 * Says what bytes are, as the end of a sentence; `undefined` for those that start like a module.
 * What else is wrong with them is told where they are compiled.
 */
export function describeForeignBytes(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "is empty";
  for (const [start, is] of FORMATS) if (startsWith(bytes, start)) return is;
  if (startsWith(bytes, WASM.slice(0, bytes.length))) {
    return bytes.length < 8 ? `ends after ${bytes.length} bytes` : undefined;
  }
  const text = textOf(bytes.subarray(0, START_BYTES))?.trimStart();
  if (text === undefined) return `starts with the bytes ${shownStart(bytes)}`;
  for (const [start, is] of TEXTS) if (start.test(text)) return is;
  return `is text that starts with ${JSON.stringify(text.slice(0, SHOWN_CHARACTERS))}`;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);
}

/** The text, or `undefined` for other bytes. Its last character may be cut off, and is left out. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    // oxlint-disable-next-line no-control-regex -- texts have no others than tabs and ends of lines
    return /[\x00-\x08\x0e-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function shownStart(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0"));
  return shown.join(" ");
}

import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { describeForeignBytes } from "./foreign-bytes.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

test.each<[Uint8Array, string]>([
  [new Uint8Array(), "is empty"],
  [Uint8Array.of(0, 97, 115, 109, 1), "ends after 5 bytes"],
  [Uint8Array.of(0, 97, 115, 109, 13, 0, 1, 0, 7), "is a WebAssembly component"],
  [gzipSync("any"), "is compressed with gzip"],
  [bytesOf("\x7fELF"), "is a native ELF binary"],
  [bytesOf("MZ\x90"), "is a native Windows binary"],
  [bytesOf("PK\x03\x04"), "is a ZIP archive"],
  [bytesOf("\n <!DOCTYPE HTML>\n<title>Not found</title>"), "is an HTML page"],
  [bytesOf("\ufeff<html lang='de'>"), "is an HTML page"],
  [bytesOf("<?xml version='1.0'?><Error/>"), "is an XML document"],
  [bytesOf("<svg/>"), "is an XML document"],
  [
    bytesOf("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
    "is a Git LFS pointer (see git lfs pull)",
  ],
  [bytesOf("(module)"), "is WebAssembly text (see wat2wasm)"],
  [bytesOf(";; a comment\n(module)"), "is WebAssembly text (see wat2wasm)"],
  [bytesOf('{ "error": "not found" }'), "is JSON"],
  [bytesOf("AGFzbQEAAAA="), "is a module in base64"],
  [bytesOf("404: Not Found"), 'is text that starts with "404: Not Found"'],
  [bytesOf("ä".repeat(300)), `is text that starts with "${"ä".repeat(40)}"`],
  [Uint8Array.of(255, 254, 60, 0), "is text in UTF-16"],
  [Uint8Array.of(1, 2, 3), "starts with the bytes 01 02 03"],
  [new Uint8Array(100), "starts with the bytes 00 00 00 00 00 00 00 00"],
])("says of %o that it %s", (bytes, is) => {
  expect(describeForeignBytes(bytes)).toBe(is);
});

test("bytes that start like a module are not described", () => {
  expect(describeForeignBytes(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))).toBeUndefined();
  expect(describeForeignBytes(Uint8Array.of(0, 97, 115, 109, 9, 9, 9, 9))).toBeUndefined();
});

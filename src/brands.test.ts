import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import {
  isArrayBuffer,
  isBlob,
  isBufferSource,
  isFile,
  isModule,
  isReadableStream,
  isResponse,
  isUrl,
  viewOf,
} from "./brands.ts";

const CHECKS = {
  isArrayBuffer,
  isBufferSource,
  isBlob,
  isFile,
  isUrl,
  isResponse,
  isReadableStream,
  isModule,
};

const EMPTY_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** What Next.js makes of an address of a file beside a module. */
function urlOfBundle(href: string): object {
  return Object.create(URL.prototype, { href: { value: href }, toString: { value: () => href } });
}

/** The checks that a value passes. */
function passed(value: unknown): string[] {
  return Object.entries(CHECKS).flatMap(([name, check]) => (check(value) ? [name] : []));
}

test.each<[string, unknown, string[]]>([
  ["a buffer", new ArrayBuffer(1), ["isArrayBuffer", "isBufferSource"]],
  ["a view", new DataView(new ArrayBuffer(1)), ["isBufferSource"]],
  ["a view of shared memory", new Uint8Array(new SharedArrayBuffer(1)), ["isBufferSource"]],
  ["a blob", new Blob([]), ["isBlob"]],
  ["a file", new File([], "a"), ["isBlob", "isFile"]],
  ["an address", new URL("file:///a"), ["isUrl"]],
  ["an address in a bundle of Next.js", urlOfBundle("/file"), ["isUrl"]],
  ["the prototype of addresses", URL.prototype, []],
  ["a response", new Response(), ["isResponse"]],
  ["a stream", new ReadableStream(), ["isReadableStream"]],
  ["a module", new WebAssembly.Module(EMPTY_MODULE), ["isModule"]],
  ["shared memory", new SharedArrayBuffer(1), []],
  ["a prototype", Blob.prototype, []],
  ["an object that claims to be a buffer", { [Symbol.toStringTag]: "ArrayBuffer" }, []],
  ["a proxy of a module", new Proxy(new WebAssembly.Module(EMPTY_MODULE), {}), []],
  ["a proxy that was revoked", revoked(), []],
  ["nothing", undefined, []],
  ["null", null, []],
  ["a text", "Blob", []],
])("%s has the brand of its kind alone", (_name, value, checks) => {
  expect(passed(value)).toEqual(checks);
});

test("a value of another realm has its brand", () => {
  expect(passed(runInNewContext("new ArrayBuffer(1)"))).toEqual([
    "isArrayBuffer",
    "isBufferSource",
  ]);
  expect(passed(runInNewContext("new Uint8Array(1)"))).toEqual(["isBufferSource"]);
  const module: unknown = runInNewContext("new WebAssembly.Module(bytes)", { bytes: EMPTY_MODULE });
  expect(passed(module)).toEqual(["isModule"]);
});

test("a source has the bytes of its view, and none when it is detached", () => {
  const buffer = Uint8Array.of(1, 2, 3, 4).buffer;
  expect([...viewOf(new Uint16Array(buffer, 2, 1))]).toEqual([3, 4]);
  expect([...viewOf(buffer)]).toEqual([1, 2, 3, 4]);
  const view = new Uint8Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  expect(() => viewOf(buffer)).toThrow(TypeError);
  expect(() => viewOf(view)).toThrow(TypeError);
});

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

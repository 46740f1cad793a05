import { describe, expect, test } from "vitest";
import { checkSource, isPromise, nameOfSource } from "./module-source.ts";

const MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

describe("checkSource", () => {
  test("accepts every kind of source, and promises of one", () => {
    const sources: unknown[] = [
      "/plugins/double.wasm",
      "",
      new URL("https://localhost/double.wasm"),
      new Response(),
      new Blob([]),
      new File([], "double.wasm"),
      MODULE,
      MODULE.buffer,
      new WebAssembly.Module(MODULE),
      Promise.resolve("/double.wasm"),
      // oxlint-disable-next-line unicorn/no-thenable -- any of them is a promise
      { then: () => {} },
    ];
    for (const source of sources) expect(() => checkSource(source)).not.toThrow();
  });

  test.each<[unknown, string]>([
    [undefined, "undefined"],
    [null, "null"],
    [5, "number 5"],
    [5n, "bigint 5"],
    [true, "boolean true"],
    [Symbol("a"), "symbol"],
    [() => {}, "function"],
    [{}, "Object"],
    [{ href: "/double.wasm" }, "Object"],
    [[0, 97, 115, 109], "Array of 4"],
    [new SharedArrayBuffer(8), "SharedArrayBuffer"],
    [new Request("https://localhost/double.wasm"), "Request"],
    [new ReadableStream(), "ReadableStream"],
    [new Map(), "Map"],
  ])("refuses %o", (source, shown) => {
    expect(() => checkSource(source)).toThrow(
      new TypeError(
        `Invalid module source: ${shown} (must be a URL, a Response, a Blob, an ArrayBuffer or a view of one, a WebAssembly.Module, or a promise of one of these)`,
      ),
    );
  });

  test("refuses an address that cannot be parsed, a detached buffer, and getters that throw", () => {
    const { buffer } = new Uint8Array(8);
    const view = new Uint8Array(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    const hostile = {
      // oxlint-disable-next-line unicorn/no-thenable -- any of them is a promise
      get then(): unknown {
        throw new Error("no");
      },
    };
    for (const source of ["http://", buffer, view, hostile]) {
      expect(() => checkSource(source)).toThrow(/^Invalid module source: /);
      expect(() => checkSource(source)).toThrow(TypeError);
    }
    expect(isPromise(hostile)).toBe(false);
  });
});

test.each([
  ["/plugins/double.wasm?version=2", "double"],
  [new URL("https://localhost/a/shell"), "shell"],
  ["https://localhost/", "plugin"],
  ["data:application/wasm;base64,AGFzbQEAAAA=", "plugin"],
  ["blob:https://localhost/8fc3", "plugin"],
  [new File([], "shell.wasm"), "shell"],
  [new Blob([]), "plugin"],
  [new Response(), "plugin"],
  [MODULE, "plugin"],
  [new WebAssembly.Module(MODULE), "plugin"],
])("the default name of %s is %s", (source, name) => {
  expect(nameOfSource(source)).toBe(name);
});

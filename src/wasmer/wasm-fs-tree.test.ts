import { WasmFs } from "@wasmer/wasmfs";
import { describe, expect, test } from "vitest";
import type { FileTree } from "../host/grants/file-tree.ts";
import { loadWasmFs, treeOfWasmFs, type WasmFsLike } from "./wasm-fs-tree.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the tree of a WasmFs", () => {
  test("has copies of all its files, without its streams", () => {
    const wasmFs = new WasmFs();
    wasmFs.fromJSON({
      "/dev/stdin": "",
      "/dev/stdout": "said",
      "/dev/stderr": "",
      "/notes.txt": "hello",
      "/a/b/c": "deep",
      "/empty": null,
    });
    const tree = treeOfWasmFs(wasmFs);
    expect(tree).toEqual({
      "notes.txt": bytes("hello"),
      a: { b: { c: bytes("deep") } },
      empty: {},
    });
    expect(Object.getPrototypeOf(tree["notes.txt"])).toBe(Uint8Array.prototype);
    wasmFs.fs.writeFileSync("/notes.txt", "changed");
    expect(tree["notes.txt"]).toEqual(bytes("hello"));
  });

  test("can start at a directory, and includes other files in /dev", () => {
    const wasmFs = loadWasmFs(new WasmFs(), { dev: { null: "" }, a: { b: "1" } });
    expect(treeOfWasmFs(wasmFs)).toEqual({
      dev: { null: new Uint8Array() },
      a: { b: bytes("1") },
    });
    expect(treeOfWasmFs(wasmFs, "/a/")).toEqual({ b: bytes("1") });
    expect(() => treeOfWasmFs(wasmFs, "/missing")).toThrow("ENOENT");
  });

  test("has copies of files in place of links to them, and no other links", () => {
    const wasmFs = loadWasmFs(new WasmFs(), { d: { f: "1" } });
    wasmFs.fs.symlinkSync("/d/f", "/link");
    wasmFs.fs.symlinkSync("/link", "/link to link");
    wasmFs.fs.symlinkSync("/d", "/to directory");
    wasmFs.fs.symlinkSync("/loop", "/loop");
    wasmFs.fs.symlinkSync("/missing", "/dangling");
    expect(treeOfWasmFs(wasmFs)).toEqual({
      d: { f: bytes("1") },
      link: bytes("1"),
      "link to link": bytes("1"),
    });
  });
});

describe("files loaded into a WasmFs", () => {
  test("replace existing files and keep the others, with text as UTF-8", () => {
    const wasmFs = new WasmFs();
    wasmFs.fromJSON({ "/dev/stdin": "", "/dev/stdout": "", "/dev/stderr": "", "/a/kept": "kept" });
    const files: FileTree = { a: { "é.txt": "ü", b: bytes("2") }, empty: {} };
    expect(loadWasmFs(wasmFs, files)).toBe(wasmFs);
    loadWasmFs(wasmFs, { b: "3" }, "a");
    expect(wasmFs.fs.readFileSync("/a/é.txt", "utf8")).toBe("ü");
    expect(treeOfWasmFs(wasmFs)).toEqual({
      a: { kept: bytes("kept"), "é.txt": bytes("ü"), b: bytes("3") },
      empty: {},
    });
    expect(treeOfWasmFs(loadWasmFs(new WasmFs(), treeOfWasmFs(wasmFs)))).toEqual(
      treeOfWasmFs(wasmFs),
    );
  });

  test("take what the option files takes, paths and any BufferSource, but no Blob", () => {
    const wasmFs = new WasmFs();
    const utf16 = new Uint16Array([0x6261]);
    loadWasmFs(wasmFs, { "a/b": utf16, "a/c": utf16.buffer, "a/d": new DataView(utf16.buffer) });
    expect(treeOfWasmFs(wasmFs)).toEqual({
      a: { b: bytes("ab"), c: bytes("ab"), d: bytes("ab") },
    });
    for (const value of [new Blob(["x"]), new Date(), 7, null]) {
      const files = { a: value } as unknown as FileTree;
      expect(() => loadWasmFs(new WasmFs(), files)).toThrow(TypeError);
    }
  });

  test("must not have names that memfs would resolve or lose", () => {
    for (const name of ["..", ".", "", "/a", "a/../b", "a\0", "__proto__"]) {
      expect(() => loadWasmFs(new WasmFs(), { [name]: "x" })).toThrow(TypeError);
    }
    expect(() => loadWasmFs(new WasmFs(), {}, "/a/../b")).toThrow(TypeError);
  });
});

test("a WasmFs has the type WasmFsLike", () => {
  const volume: WasmFsLike = new WasmFs();
  expect(volume.fs.readdirSync("/")).toEqual(["dev"]);
});

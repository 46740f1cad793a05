import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { copyTree, readBlobs } from "./file-tree.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function treeOf(source: unknown) {
  return readBlobs(copyTree(source, "files"));
}

describe("a tree of files", () => {
  test("may have paths as keys, whose directories are created and merged", async () => {
    const source = { "work/main.py": "a", work: { "lib/b.py": "b" }, "empty/deep": {}, c: "c" };
    expect(await treeOf(source)).toEqual({
      work: { "main.py": bytes("a"), lib: { "b.py": bytes("b") } },
      empty: { deep: {} },
      c: bytes("c"),
    });
  });

  test("rejects contents larger than a browser can post", () => {
    expect(() => treeOf({ a: new ArrayBuffer(2 ** 31 - 2 ** 21 + 1) })).toThrow(
      'Invalid files["a"]: 2145386497 bytes are too large for a worker (at most 2145386496)',
    );
  });

  test("may have any name, such as __proto__", async () => {
    const source: unknown = JSON.parse('{ "__proto__": { "constructor": "x" } }');
    const tree = await treeOf(source);
    expect(Object.keys(tree)).toEqual(["__proto__"]);
    expect(Object.keys(tree["__proto__"] ?? {})).toEqual(["constructor"]);
  });

  test("copies text, the bytes of every view, buffers and blobs", async () => {
    const wide = new Uint16Array([0x0201, 0x0403, 0x0605]);
    const memory = new SharedArrayBuffer(2);
    const source = {
      text: "ü",
      buffer: new Uint8Array([1, 2]).buffer,
      wide: wide.subarray(1),
      data: new DataView(wide.buffer, 1, 2),
      shared: new Uint8Array(memory),
      memory,
      blob: new Blob(["blob"]),
      resizable: new ArrayBuffer(1, { maxByteLength: 2 }),
    };
    const copy = copyTree(source, "files");
    wide.fill(0xffff);
    expect(await readBlobs(copy)).toEqual({
      text: bytes("ü"),
      buffer: new Uint8Array([1, 2]),
      wide: new Uint8Array([3, 4, 5, 6]),
      data: new Uint8Array([2, 3]),
      shared: new Uint8Array(2),
      memory: new Uint8Array(2),
      blob: bytes("blob"),
      resizable: new Uint8Array(1),
    });
    for (const content of Object.values(copy.tree)) {
      expect((content as Uint8Array).buffer).toBeInstanceOf(ArrayBuffer);
    }
  });

  test("may come from another realm", async () => {
    const source: unknown = runInNewContext(
      '({ a: new Uint8Array([1]), b: { "c/d": new ArrayBuffer(1) } })',
    );
    expect(await treeOf(source)).toEqual({
      a: new Uint8Array([1]),
      b: { c: { d: new Uint8Array(1) } },
    });
  });

  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const detached = new ArrayBuffer(1);
  const viewOfDetached = new Uint8Array(detached);
  structuredClone(detached, { transfer: [detached] });
  const cyclic: Record<string, unknown> = {};
  cyclic["a"] = { b: cyclic };
  const throwing = {
    get a(): string {
      throw new Error("no");
    },
  };
  let deep: object = {};
  for (let level = 0; level < 2000; level++) deep = { a: deep };

  const refused: readonly (readonly [source: unknown, message: string])[] = [
    [5, "Invalid files: 5 (must be a plain object of files)"],
    [null, "Invalid files: null (must be"],
    [["a"], "Invalid files: Array of 1 (must be"],
    [new Map([["a", "b"]]), "Invalid files: Map (must be"],
    [revoked, "Invalid files: Object (must be"],
    [throwing, "Invalid files: cannot be read (no)"],
    [deep, "Invalid files: has more than 1024 levels"],
    [cyclic, 'Invalid files["a/b"]: contains itself'],
    [{ a: undefined }, 'Invalid files["a"]: undefined (must be text, an ArrayBuffer'],
    [{ "work/x": { y: 5 } }, 'Invalid files["work/x/y"]: 5 (must be text'],
    [{ a: new Date(0) }, 'Invalid files["a"]: Date (must be'],
    [{ a: Promise.resolve("") }, 'Invalid files["a"]: Promise (must be'],
    [{ a: [1, 2] }, 'Invalid files["a"]: Array of 2 (must be'],
    [{ a: detached }, 'Invalid files["a"]: cannot be read ('],
    [{ b: viewOfDetached }, 'Invalid files["b"]: cannot be read ('],
    [{ "/a": "" }, 'Invalid files["/a"]: must be a relative path'],
    [{ "/": {} }, 'Invalid files["/"]: must be a relative path'],
    [{ "": "" }, 'Invalid files[""]: has an empty name in it'],
    [{ "a//b": "" }, 'Invalid files["a//b"]: has an empty name in it'],
    [{ "a/": {} }, 'Invalid files["a/"]: has an empty name in it'],
    [{ "a/../b": "" }, 'Invalid files["a/../b"]: must not contain "." or ".."'],
    [{ ".": {} }, 'Invalid files["."]: must not contain'],
    [{ "a\0": "" }, "contains a NUL character"],
    [{ "a\ud800": "" }, "contains half of a surrogate pair"],
    [{ a: "", "a/b": "" }, 'Invalid files["a/b"]: "a" is a file already'],
    [{ "a/b": "", a: "" }, 'Invalid files["a"]: names the same path as another key'],
    [{ "a/b": "", a: { b: "" } }, 'Invalid files["a/b"]: names the same path as another key'],
  ];

  test.each(refused.map(([, message], index) => [message, index] as const))(
    "is rejected with the path of the wrong value: %s",
    (message, index) => {
      const [source] = refused[index] ?? [];
      expect(() => copyTree(source, "files")).toThrow(TypeError);
      expect(() => copyTree(source, "files")).toThrow(message);
    },
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileTree } from "./file-tree.ts";
import { type TreeChange, treeChanges } from "./tree-changes.ts";

const bytes = (...values: number[]) => new Uint8Array(values);

describe("the changes between two trees", () => {
  test("are none between equal ones, whether a file is text or bytes", () => {
    expect(
      treeChanges({ a: "x", d: { b: bytes(1) } }, { a: bytes(120), d: { b: bytes(1) } }),
    ).toEqual([]);
  });

  test("are the files that are new or differ, and what is gone", () => {
    expect(treeChanges({ a: "1", b: "2", gone: "3" }, { a: "1", b: "9", c: "4" })).toEqual([
      { kind: "removed", path: "gone" },
      { kind: "file", path: "b", bytes: bytes(57) },
      { kind: "file", path: "c", bytes: bytes(52) },
    ]);
  });

  test("make new directories before what is in them, also empty ones", () => {
    expect(treeChanges({}, { d: { e: {}, f: "" } })).toEqual([
      { kind: "directory", path: "d" },
      { kind: "directory", path: "d/e" },
      { kind: "file", path: "d/f", bytes: bytes() },
    ]);
  });

  test("remove a file where a directory comes, and the other way round", () => {
    expect(treeChanges({ x: "file", y: { z: "" } }, { x: {}, y: "file" })).toEqual([
      { kind: "removed", path: "x" },
      { kind: "removed", path: "y" },
      { kind: "directory", path: "x" },
      { kind: "file", path: "y", bytes: new TextEncoder().encode("file") },
    ]);
  });

  test("lead from any tree to any other", () => {
    const { tree } = fc.letrec<{ tree: FileTree; content: FileTree[string] }>((tie) => ({
      tree: fc.dictionary(fc.constantFrom("a", "b", "__proto__", "c"), tie("content"), {
        maxKeys: 3,
      }),
      content: fc.oneof({ maxDepth: 3 }, fc.uint8Array({ maxLength: 2 }), tie("tree")),
    }));
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        expect(flatten(applied(flatten(before), treeChanges(before, after)))).toEqual(
          flatten(after),
        );
      }),
    );
  });
});

type Flat = Map<string, string>;

/** Every path with what it is, as text. */
function flatten(tree: FileTree | Flat, prefix = ""): Flat {
  if (tree instanceof Map) return sorted(tree);
  const flat: Flat = new Map();
  for (const [name, content] of Object.entries(tree)) {
    if (content instanceof Uint8Array || typeof content === "string") {
      flat.set(prefix + name, String(content));
    } else {
      flat.set(prefix + name, "directory");
      for (const [path, what] of flatten(content, `${prefix}${name}/`)) flat.set(path, what);
    }
  }
  return sorted(flat);
}

function sorted(flat: Flat): Flat {
  return new Map([...flat].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function applied(flat: Flat, changes: readonly TreeChange[]): Flat {
  for (const change of changes) {
    if (change.kind === "directory") flat.set(change.path, "directory");
    else if (change.kind === "file") flat.set(change.path, String(change.bytes));
    else {
      for (const path of flat.keys()) {
        if (path === change.path || path.startsWith(`${change.path}/`)) flat.delete(path);
      }
    }
  }
  return flat;
}

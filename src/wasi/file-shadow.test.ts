import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import type { FileChanges, NodeChange } from "./file-changes.ts";
import { CHUNK_BYTES } from "./file-content.ts";
import { FileShadow } from "./file-shadow.ts";
import { FileSystem } from "./file-system.ts";
import { TestClock } from "./guest.test-kit.ts";
import { treeChanges } from "./tree-changes.ts";
import { ROOT_NODE, ROOT_VOLUME } from "./volume.ts";

const times = [1n, 2n, 3n] as const;

/** Changes to the root's volume. */
function told(...nodes: (readonly [id: number, change: NodeChange | undefined])[]): FileChanges {
  const changes = { isReadOnly: false, nodes: new Map(nodes) };
  return { volumes: new Map([[ROOT_VOLUME, changes]]), mounts: undefined };
}

function directory(entries: Record<string, number | undefined>): NodeChange {
  return { kind: "directory", times, entries: new Map(Object.entries(entries)) };
}

function file(size: number, ...chunks: (readonly [number, number | undefined])[]): NodeChange {
  const bytes = (length: number | undefined) =>
    length === undefined ? undefined : new Uint8Array(length);
  return {
    kind: "file",
    times,
    size,
    chunks: new Map(chunks.map(([index, length]) => [index, bytes(length)])),
  };
}

const link = (target: string): NodeChange => ({ kind: "link", times, target });

function shadowWith(limits: Partial<Limits> = {}): FileShadow {
  const shadow = new FileShadow({ ...DEFAULT_LIMITS, ...limits });
  shadow.follow(ROOT_VOLUME, { isJournaled: true });
  return shadow;
}

/** The bytes that a shadow holds. */
function bytesHeld(shadow: FileShadow): number {
  let bytes = 0;
  for (const node of shadow.volume(ROOT_VOLUME)?.nodes.values() ?? []) {
    if (node.kind !== "file") continue;
    for (const chunk of node.chunks.values()) bytes += chunk.length;
  }
  return bytes;
}

describe("a shadow takes no more than the limits allow", () => {
  test("of bytes in files, whether held or holes", () => {
    const shadow = shadowWith({ fileBytes: 1000 });
    shadow.apply(told([2, file(600, [0, 600])], [3, file(400)]));
    expect(() => shadow.apply(told([3, file(401)]))).toThrow("ENOSPC");
    expect(() => shadow.apply(told([4, link("x")]))).toThrow("ENOSPC");
    shadow.apply(told([2, undefined], [3, file(997)], [4, link("ü")], [5, link("x")]));
    expect(() => shadow.apply(told([5, link("xx")]))).toThrow("ENOSPC");
  });

  test("of names, counted when they come and when they go", () => {
    const shadow = shadowWith({ inodes: 3 });
    shadow.apply(told([ROOT_NODE, directory({ a: 2, b: 2 })], [2, file(0)]));
    expect(() => shadow.apply(told([ROOT_NODE, directory({ c: 2, d: 2 })]))).toThrow("ENOSPC");
    shadow.apply(told([ROOT_NODE, directory({ a: undefined, b: 3, gone: undefined, c: 2, d: 2 })]));
    expect(() => shadow.apply(told([ROOT_NODE, directory({ a: 2 })]))).toThrow("ENOSPC");
    shadow.apply(told([ROOT_NODE, undefined]));
    shadow.apply(told([ROOT_NODE, directory({ e: 2, f: 2, g: 2 })]));
  });

  test("of nodes, also of those that no name leads to", () => {
    const shadow = shadowWith({ inodes: 2 });
    shadow.apply(told([1, directory({})], [2, file(0)], [3, file(0)]));
    expect(() => shadow.apply(told([4, file(0)]))).toThrow("ENOSPC");
  });

  test("and counts a volume no longer that is forgotten, or mounted no longer", () => {
    const shadow = shadowWith({ fileBytes: 10 });
    const volumes = new Map(
      [2, 3].map((id) => [id, { isReadOnly: false, nodes: new Map([[2, file(5)]]) }]),
    );
    for (const id of volumes.keys()) shadow.follow(id, { isJournaled: false });
    const point = { volume: 1, directory: 1, name: "x" };
    shadow.apply({
      volumes,
      mounts: new Map([
        [2, point],
        [3, point],
      ]),
    });
    expect(() => shadow.apply(told([2, file(1)]))).toThrow("ENOSPC");
    shadow.forget(2);
    shadow.apply(told([2, file(5)]));
    shadow.apply({ volumes: new Map(), mounts: new Map() });
    expect(shadow.volume(3)).toBeUndefined();
    shadow.apply(told([2, file(10)]));
  });

  test.each([
    ["a long name", directory({ ["ü".repeat(128)]: 2 })],
    ["a long link", link("x".repeat(4097))],
    ["a chunk that is longer than its file", file(10, [0, 11])],
    ["a chunk that is longer than chunks are", file(CHUNK_BYTES * 2, [0, CHUNK_BYTES + 1])],
    ["a chunk beyond the end", file(10, [1, 1])],
    ["a file that no file system holds", file(2 ** 37)],
    ["another kind of node under the same number", file(0)],
  ])("nor %s", (_, change) => {
    const shadow = shadowWith({ fileBytes: Infinity });
    shadow.apply(told([1, directory({ kept: 3 })], [3, file(1, [0, 1])]));
    const before = structuredClone(shadow.image());
    const changes = told([4, file(0)], [1, directory({ new: 4 })], [5, file(0)]);
    expect(() => shadow.apply(told(...(changes.volumes.get(1)?.nodes ?? []), [1, change]))).toThrow(
      "EINVAL",
    );
    expect(shadow.image()).toEqual(before);
  });

  test("nor bytes that lie beyond the end of a file that has become shorter", () => {
    const shadow = shadowWith();
    shadow.apply(told([2, file(CHUNK_BYTES + 10, [0, CHUNK_BYTES], [1, 10])]));
    shadow.apply(told([2, file(5)]));
    expect(bytesHeld(shadow)).toBe(5);
  });

  test("nor changes in a volume that can't change", () => {
    const shadow = shadowWith();
    shadow.follow(2, { isJournaled: false });
    const nodes = (size: number) => new Map([[2, file(size)]]);
    const mounts = undefined;
    shadow.apply({ volumes: new Map([[2, { isReadOnly: true, nodes: nodes(1) }]]), mounts });
    shadow.apply({ volumes: new Map([[2, { isReadOnly: false, nodes: nodes(2) }]]), mounts });
    expect(shadow.image().volumes.get(2)).toEqual({ isReadOnly: true, nodes: nodes(1) });
  });

  test("nor volumes that nobody follows", () => {
    const shadow = shadowWith();
    const volumes = new Map([[9, { isReadOnly: false, nodes: new Map([[1, directory({})]]) }]]);
    shadow.apply({ volumes, mounts: new Map([[9, { volume: 1, directory: 1, name: "x" }]]) });
    expect(shadow.image()).toEqual({ volumes: new Map(), mounts: new Map() });
  });
});

test("whatever a shadow has taken can be restored and walked, however little of a tree it is", () => {
  const id = fc.integer({ min: 1, max: 6 });
  const name = fc.constantFrom("a", "b", "c");
  const node: fc.Arbitrary<NodeChange> = fc.oneof(
    fc.dictionary(name, fc.option(id, { nil: undefined })).map(directory),
    fc.constantFrom(file(0), file(10, [0, 10]), file(10, [0, undefined])),
    fc.constantFrom("a", "..", "a/b", "../c").map(link),
  );
  const volume = fc.record({
    isReadOnly: fc.boolean(),
    nodes: fc.array(fc.tuple(id, fc.option(node, { nil: undefined }))).map((each) => new Map(each)),
  });
  const mounts = fc
    .array(fc.tuple(id, fc.record({ volume: id, directory: id, name })))
    .map((each) => new Map(each));
  const changes: fc.Arbitrary<FileChanges> = fc.record({
    volumes: fc.array(fc.tuple(id, volume)).map((each) => new Map(each)),
    mounts: fc.option(mounts, { nil: undefined }),
  });
  const limits = { ...DEFAULT_LIMITS, fileBytes: 40, inodes: 12, directoryDepth: 3 };
  fc.assert(
    fc.property(fc.array(changes, { maxLength: 4 }), (all) => {
      const shadow = new FileShadow(limits);
      for (let each = ROOT_VOLUME; each <= 6; each++) shadow.follow(each, { isJournaled: true });
      for (const changes of all) {
        try {
          shadow.apply(changes);
        } catch (error) {
          expect(String(error)).toMatch(/EINVAL|ENOSPC/);
        }
        const files = new FileSystem({ limits, clock: new TestClock(), isJournaled: true });
        files.restore(structuredClone(shadow.image()));
        files.snapshot();
        const { nodes, journal } = shadow.volume(ROOT_VOLUME) ?? {};
        treeChanges(nodes ?? new Map(), journal?.take() ?? new Map(), new Map(), limits);
      }
    }),
    { numRuns: 500 },
  );
});

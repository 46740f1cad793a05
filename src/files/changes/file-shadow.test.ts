import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../../limits.ts";
import { TestClock, TestGuest } from "../../wasi/guest.test-kit.ts";
import { CHUNK_BYTES } from "../file-content.ts";
import { guestStep, type Step, take, visibleIn } from "../file-system.test-kit.ts";
import { FileSystem } from "../file-system.ts";
import { ROOT_NODE, ROOT_VOLUME } from "../volume.ts";
import type { FileChanges, NodeChange } from "./file-changes.ts";
import { FileShadow } from "./file-shadow.ts";
import { treeChanges } from "./tree-changes.ts";

const times = [1n, 2n, 3n] as const;

/** Returns a report of changes in the root volume. */
function report(...nodes: (readonly [id: number, change: NodeChange | undefined])[]): FileChanges {
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

/** Returns the number of bytes that a shadow stores. */
function storedBytes(shadow: FileShadow): number {
  let bytes = 0;
  for (const node of shadow.volume(ROOT_VOLUME)?.nodes.values() ?? []) {
    if (node.kind !== "file") continue;
    for (const chunk of node.chunks.values()) bytes += chunk.length;
  }
  return bytes;
}

describe("a shadow", () => {
  test("rejects more bytes in files than the limit, holes included", () => {
    const shadow = shadowWith({ fileBytes: 1000 });
    shadow.apply(report([2, file(600, [0, 600])], [3, file(400)]));
    expect(() => shadow.apply(report([3, file(401)]))).toThrow("ENOSPC");
    expect(() => shadow.apply(report([4, link("x")]))).toThrow("ENOSPC");
    shadow.apply(report([2, undefined], [3, file(997)], [4, link("ü")], [5, link("x")]));
    expect(() => shadow.apply(report([5, link("xx")]))).toThrow("ENOSPC");
  });

  test("rejects more names than the limit, and counts removals", () => {
    const shadow = shadowWith({ inodes: 3 });
    shadow.apply(report([ROOT_NODE, directory({ a: 2, b: 2 })], [2, file(0)]));
    expect(() => shadow.apply(report([ROOT_NODE, directory({ c: 2, d: 2 })]))).toThrow("ENOSPC");
    shadow.apply(
      report([ROOT_NODE, directory({ a: undefined, b: 3, gone: undefined, c: 2, d: 2 })]),
    );
    expect(() => shadow.apply(report([ROOT_NODE, directory({ a: 2 })]))).toThrow("ENOSPC");
    shadow.apply(report([ROOT_NODE, undefined]));
    shadow.apply(report([ROOT_NODE, directory({ e: 2, f: 2, g: 2 })]));
  });

  test("rejects more nodes than the limit, nameless ones included", () => {
    const shadow = shadowWith({ inodes: 2 });
    shadow.apply(report([1, directory({})], [2, file(0)], [3, file(0)]));
    expect(() => shadow.apply(report([4, file(0)]))).toThrow("ENOSPC");
  });

  test("does not count a volume that was forgotten or unmounted", () => {
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
    expect(() => shadow.apply(report([2, file(1)]))).toThrow("ENOSPC");
    shadow.forget(2);
    shadow.apply(report([2, file(5)]));
    shadow.apply({ volumes: new Map(), mounts: new Map() });
    expect(shadow.volume(3)).toBeUndefined();
    shadow.apply(report([2, file(10)]));
  });

  test.each([
    ["a long name", directory({ ["ü".repeat(128)]: 2 })],
    ["a long link", link("x".repeat(4097))],
    ["a chunk that is longer than its file", file(10, [0, 11])],
    ["a chunk over the size of chunks", file(CHUNK_BYTES * 2, [0, CHUNK_BYTES + 1])],
    ["a chunk beyond the end", file(10, [1, 1])],
    ["a file over the maximum size", file(2 ** 37)],
    ["another type of node with the same id", file(0)],
  ])("rejects %s", (_, change) => {
    const shadow = shadowWith({ fileBytes: Infinity });
    shadow.apply(report([1, directory({ kept: 3 })], [3, file(1, [0, 1])]));
    const before = structuredClone(shadow.volume(ROOT_VOLUME)?.nodes);
    const changes = report([4, file(0)], [1, directory({ new: 4 })], [5, file(0)]);
    expect(() =>
      shadow.apply(report(...(changes.volumes.get(1)?.nodes ?? []), [1, change])),
    ).toThrow("EINVAL");
    expect(shadow.volume(ROOT_VOLUME)?.nodes).toEqual(before);
  });

  test("drops bytes beyond the end of a file that was shortened", () => {
    const shadow = shadowWith();
    shadow.apply(report([2, file(CHUNK_BYTES + 10, [0, CHUNK_BYTES], [1, 10])]));
    shadow.apply(report([2, file(5)]));
    expect(storedBytes(shadow)).toBe(5);
  });

  test("ignores changes in a read-only volume", () => {
    const shadow = shadowWith();
    shadow.follow(2, { isJournaled: false, isReadOnly: true });
    const nodes = (size: number) => new Map([[2, file(size)]]);
    const mounts = undefined;
    shadow.apply({ volumes: new Map([[2, { isReadOnly: true, nodes: nodes(1) }]]), mounts });
    shadow.apply({ volumes: new Map([[2, { isReadOnly: false, nodes: nodes(2) }]]), mounts });
    expect(shadow.volume(2)?.nodes).toEqual(nodes(1));
  });

  test("rejects a report that makes a volume read-only or writable", () => {
    const shadow = shadowWith();
    shadow.follow(2, { isJournaled: false, isReadOnly: true });
    const mounts = undefined;
    const root = new Map([[1, directory({})]]);
    const report = (id: number, isReadOnly: boolean) => ({
      volumes: new Map([[id, { isReadOnly, nodes: root }]]),
      mounts,
    });
    expect(() => shadow.apply(report(ROOT_VOLUME, true))).toThrow("EINVAL");
    expect(() => shadow.apply(report(2, false))).toThrow("EINVAL");
    shadow.apply(report(ROOT_VOLUME, false));
    shadow.apply(report(2, true));
  });

  test("rejects two files that share a buffer, which would change together", () => {
    const [one, other] = [file(10, [0, 10]), file(10, [0, 10])];
    const chunks = new Map([[0, one.kind === "file" ? one.chunks.get(0) : undefined]]);
    const shared = { ...other, chunks } as NodeChange;
    const shadow = shadowWith();
    const root = directory({ a: 2, b: 3 });
    expect(() => shadow.apply(report([1, root], [2, one], [3, shared]))).toThrow("EINVAL");
    shadow.apply(report([1, root], [2, one], [3, other]));
  });

  test("ignores volumes that are not followed", () => {
    const shadow = shadowWith();
    const volumes = new Map([[9, { isReadOnly: false, nodes: new Map([[1, directory({})]]) }]]);
    shadow.apply({ volumes, mounts: new Map([[9, { volume: 1, directory: 1, name: "x" }]]) });
    expect(shadow.image()).toEqual({ volumes: new Map(), mounts: new Map() });
  });
});

/** Restores a file system from a shadow, changes it, and reports the changes to the shadow. */
function restart(shadow: FileShadow, limits: Limits, steps: readonly Step[]): TestGuest {
  const guest = new TestGuest(limits, { isJournaled: true });
  guest.files.restore(structuredClone(shadow.image()));
  for (const step of steps) take(step, guest, []);
  const changes = guest.files.takeChanges();
  if (changes !== undefined) shadow.apply(structuredClone(changes));
  for (const { nodes } of changes?.volumes.values() ?? []) {
    for (const id of nodes.keys()) expect(id).toBeLessThan(2 ** 53);
  }
  const same = new FileSystem({ limits, clock: new TestClock() });
  same.restore(structuredClone(shadow.image()));
  expect(visibleIn(same)).toEqual(visibleIn(guest.files));
  return guest;
}

describe("a shadow accepts an honest worker", () => {
  const limits = { ...DEFAULT_LIMITS, fileBytes: 1000, inodes: 20 };
  const many = (id: number) =>
    directory(Object.fromEntries(Array.from({ length: limits.inodes }, (_, at) => [`n${at}`, id])));
  const volume = (...nodes: Parameters<typeof report>) => ({
    isReadOnly: false,
    nodes: new Map(nodes),
  });
  const full = volume([1, directory({ a: 2 })], [2, file(limits.fileBytes)]);
  const root = volume([1, directory({ kept: 2 })], [2, file(0)]);
  const at = (volume: number, directory: number, name: string) => ({ volume, directory, name });

  test.each<[string, FileChanges]>([
    ["a file without a name", report([9, file(limits.fileBytes)])],
    ["a link without a name, with the next id", report([1, directory({})], [2, link("x")])],
    ["a directory without a name, full of names", report([9, many(1)])],
    [
      "directories that contain only each other",
      report([8, directory({ a: 9 })], [9, directory({ b: 8 })]),
    ],
    ["names that lead nowhere", report([1, many(9)])],
    ["names that lead back to the root", report([1, many(1)])],
    ["a root that is a file", report([1, file(10)])],
    ["the highest id", report([1, directory({ x: 2 ** 53 - 1 })], [2 ** 53 - 1, file(0)])],
    [
      "a volume without a mount",
      {
        volumes: new Map([
          [1, root],
          [2, full],
        ]),
        mounts: new Map(),
      },
    ],
    [
      "a volume in a missing directory",
      {
        volumes: new Map([
          [1, root],
          [2, full],
        ]),
        mounts: new Map([[2, at(1, 7, "x")]]),
      },
    ],
    [
      "a volume mounted on a file",
      {
        volumes: new Map([
          [1, root],
          [2, full],
        ]),
        mounts: new Map([[2, at(1, 1, "kept")]]),
      },
    ],
    [
      "volumes mounted in each other",
      {
        volumes: new Map([
          [1, root],
          [2, full],
          [3, volume([1, directory({})])],
        ]),
        mounts: new Map([
          [2, at(3, 1, "x")],
          [3, at(2, 1, "x")],
        ]),
      },
    ],
    [
      "the root, mounted in itself",
      { volumes: new Map([[1, root]]), mounts: new Map([[1, at(1, 1, "x")]]) },
    ],
    [
      "a mount beyond the limit of names",
      {
        volumes: new Map([
          [1, volume([1, many(2)], [2, file(0)])],
          [2, volume([1, directory({})])],
        ]),
        mounts: new Map([[2, at(1, 1, "x")]]),
      },
    ],
  ])("after %s", (_, hostileReport) => {
    const shadow = new FileShadow(limits);
    for (const id of [1, 2, 3]) shadow.follow(id, { isJournaled: false });
    shadow.apply(hostileReport);
    for (const round of [1, 2, 3]) {
      const { files } = restart(shadow, limits, [
        ({ files }) => files.remove(`n${2 * round}`),
        ({ files }) => files.remove(`n${2 * round + 1}`),
        ({ files }) => files.write(`new ${round % 2}`, new Uint8Array(round * 100)),
      ]);
      expect(files.stat(`new ${round % 2}`).size).toBe(round * 100);
    }
  });

  test("after ids that are used up, and mounts stay in place", () => {
    const shadow = new FileShadow(limits);
    for (const id of [1, 2]) shadow.follow(id, { isJournaled: false });
    const [one, two, last] = [2 ** 53 - 3, 2 ** 53 - 2, 2 ** 53 - 1];
    shadow.apply({
      volumes: new Map([
        [
          1,
          volume(
            [last, file(3, [0, 3])],
            [1, directory({ d: one })],
            [one, directory({ e: two, f: last })],
            [two, directory({ g: last })],
          ),
        ],
        [2, volume([1, directory({ h: last })], [last, link("x")])],
      ]),
      mounts: new Map([[2, at(1, two, "m")]]),
    });
    const { files } = restart(shadow, limits, []);
    expect(files.snapshot()).toEqual({
      d: { e: { g: new Uint8Array(3), m: {} }, f: new Uint8Array(3) },
    });
    expect(files.list("d/e/m")).toEqual([{ name: "h", type: "link" }]);
  });

  test("after a file without a name, which is removed from the copy of the volume too", () => {
    const shadow = shadowWith(limits);
    shadow.apply(report([1, directory({ a: 2, b: 3 })], [2, file(0)], [3, file(0)]));
    const { nodes, journal } = shadow.volume(ROOT_VOLUME) ?? {};
    const changes = () =>
      treeChanges(nodes ?? new Map(), journal?.take() ?? new Map(), new Map(), limits);
    expect(changes().map(({ path }) => path)).toEqual(["a", "b"]);
    shadow.apply(report([3, undefined]));
    restart(shadow, limits, []);
    expect(changes()).toEqual([{ kind: "removed", path: "b" }]);
  });
});

test("unmounting a volume drops the mounts within it, even if they are not reported", () => {
  const shadow = shadowWith({ fileBytes: 10 });
  const limits = { ...DEFAULT_LIMITS, fileBytes: 10 };
  const guest = new TestGuest(limits, { isJournaled: true });
  for (const volume of [2, 3]) shadow.follow(volume, { isJournaled: false });
  guest.files.mount("outer", {}, { volume: 2 });
  guest.files.mount("outer/inner", { file: "12345678" }, { volume: 3 });
  shadow.apply(guest.files.takeChanges() ?? { volumes: new Map(), mounts: undefined });
  shadow.forget(2);
  const { files } = restart(shadow, limits, [({ files }) => files.write("new", "1234567890")]);
  expect(files.stat("new").size).toBe(10);
  expect(files.exists("outer")).toBe(false);
});

test("any reports that a shadow accepts can be restored, walked and continued", () => {
  const id = fc.integer({ min: 1, max: 6 });
  const name = fc.constantFrom("a", "b", "c");
  const node: fc.Arbitrary<NodeChange> = fc.oneof(
    fc.dictionary(name, fc.option(id, { nil: undefined })).map(directory),
    // Each with bytes of its own, as they are when they have been posted.
    fc
      .constantFrom(
        () => file(0),
        () => file(10, [0, 10]),
        () => file(10, [0, undefined]),
      )
      .map((make) => make()),
    fc.constantFrom("a", "..", "a/b", "../c").map(link),
  );
  const volume = fc.record({
    isReadOnly: fc.constant(false),
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
    fc.property(
      fc.array(changes, { maxLength: 4 }),
      fc.array(guestStep, { maxLength: 6 }),
      (all, steps) => {
        const shadow = new FileShadow(limits);
        for (let each = ROOT_VOLUME; each <= 6; each++) shadow.follow(each, { isJournaled: true });
        for (const changes of all) {
          try {
            shadow.apply(structuredClone(changes));
          } catch (error) {
            expect(String(error)).toMatch(/EINVAL|ENOSPC/);
          }
          restart(shadow, limits, steps).files.snapshot();
          const { nodes, journal } = shadow.volume(ROOT_VOLUME) ?? {};
          treeChanges(nodes ?? new Map(), journal?.take() ?? new Map(), new Map(), limits);
        }
      },
    ),
    { numRuns: 500 },
  );
});

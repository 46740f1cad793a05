import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../limits.ts";
import { TestClock, TestGuest } from "../../wasi/guest.test-kit.ts";
import { CHUNK_BYTES } from "../file-content.ts";
import { digest, startTree, step, take } from "../file-system.test-kit.ts";
import { FileSystem, type MountedTree } from "../file-system.ts";
import type { PlainFiles } from "../file-tree.ts";
import { ROOT_VOLUME } from "../volume.ts";
import { FileShadow } from "./file-shadow.ts";
import type { ShadowNode, ShadowVolume } from "./shadow-volume.ts";
import {
  type LinkCopies,
  MAX_NAMES_FOLLOWED,
  type TreeChange,
  treeChanges,
} from "./tree-changes.ts";

/** Keeps a copy of a guest's root, as a directory on disk would. */
class Follower {
  readonly shadow: FileShadow = new FileShadow(DEFAULT_LIMITS);
  readonly #copies: LinkCopies = new Map();

  constructor() {
    this.shadow.follow(ROOT_VOLUME, { isJournaled: true });
  }

  /** Returns the changes since the last call. */
  changes(guest: TestGuest): TreeChange[] {
    const changes = guest.files.takeChanges();
    if (changes !== undefined) this.shadow.apply(structuredClone(changes));
    const { nodes, journal } = this.volume;
    return treeChanges(nodes, journal?.take() ?? new Map(), this.#copies, DEFAULT_LIMITS);
  }

  get volume(): ShadowVolume {
    const volume = this.shadow.volume(ROOT_VOLUME);
    if (volume === undefined) throw new Error("no volume was reported");
    return volume;
  }
}

function guestWith(files: PlainFiles): { guest: TestGuest; follower: Follower } {
  const guest = new TestGuest({}, { isJournaled: true });
  const follower = new Follower();
  guest.files.load(files);
  follower.changes(guest);
  return { guest, follower };
}

const removed = (path: string) => ({ kind: "removed", path });
const directory = (path: string) => ({ kind: "directory", path });
const file = (path: string, text: string) => ({
  kind: "file",
  path,
  size: text.length,
  chunks: text === "" ? [] : [[0, new TextEncoder().encode(text)]],
});

describe("the changes to a copy of a volume", () => {
  test("are empty when nothing was touched", () => {
    const { guest, follower } = guestWith({ file: "content", directory: { deep: "" } });
    expect(follower.changes(guest)).toEqual([]);
  });

  test("contain new files, changed files and removals", () => {
    const { guest, follower } = guestWith({ a: "1", b: "2", gone: "3", d: { e: "" } });
    guest.files.write("b", "9");
    guest.files.write("d/c", "4");
    guest.unlink("gone");
    expect(follower.changes(guest)).toEqual([removed("gone"), file("b", "9"), file("d/c", "4")]);
  });

  test("create directories before their content, empty ones too", () => {
    const { guest, follower } = guestWith({});
    guest.files.load({ d: { e: {}, f: "" } });
    expect(follower.changes(guest)).toEqual([
      removed("d"),
      directory("d"),
      directory("d/e"),
      file("d/f", ""),
    ]);
  });

  test("write moved files again", () => {
    const { guest, follower } = guestWith({ from: { file: "content" } });
    guest.rename("from", "to");
    expect(follower.changes(guest)).toEqual([
      removed("from"),
      removed("to"),
      directory("to"),
      file("to/file", "content"),
    ]);
  });

  test("write a file under each of its names", () => {
    const { guest, follower } = guestWith({ one: "1", d: {} });
    guest.link("one", "d/two");
    follower.changes(guest);
    guest.files.write("one", "2");
    expect(follower.changes(guest)).toEqual([file("one", "2"), file("d/two", "2")]);
  });

  test("update the copy of a file that stands for a link", () => {
    const { guest, follower } = guestWith({ v1: "one", v2: "two", d: {} });
    guest.symlink("../v1", "d/current");
    guest.symlink("d", "directory");
    guest.symlink("missing", "nowhere");
    expect(follower.changes(guest)).toEqual([
      file("d/current", "one"),
      removed("directory"),
      removed("nowhere"),
    ]);
    guest.files.write("v1", "ONE");
    expect(follower.changes(guest)).toEqual([file("v1", "ONE"), file("d/current", "ONE")]);
    guest.rename("v2", "v1");
    expect(follower.changes(guest)).toEqual([
      removed("v2"),
      file("v1", "two"),
      file("d/current", "two"),
    ]);
    guest.unlink("v1");
    expect(follower.changes(guest)).toEqual([removed("v1"), removed("d/current")]);
  });

  test("fail when following links takes too many names", () => {
    const times = [0n, 0n, 0n] as const;
    const entries = new Map([["f", 2]]);
    const nodes = new Map<number, ShadowNode>([
      [1, { kind: "directory", times, entries }],
      [2, { kind: "file", times, size: 0, chunks: new Map() }],
    ]);
    const link = (id: number, names: number) => {
      nodes.set(id, { kind: "link", times, target: `${"./".repeat(names - 1)}f` });
      entries.set(`link ${id}`, id);
    };
    const changes = () => treeChanges(nodes, new Map(), new Map(), DEFAULT_LIMITS);
    for (let id = 0; id < 64; id++) link(100 + id, MAX_NAMES_FOLLOWED / 64);
    expect(changes()).toHaveLength(64);
    link(200, 1);
    expect(changes).toThrow('"link 200": too many symbolic links (ELOOP)');
  });

  test("count the names of dangling links too, since splitting them takes time", () => {
    const times = [0n, 0n, 0n] as const;
    const entries = new Map<string, number>();
    const nodes = new Map<number, ShadowNode>([[1, { kind: "directory", times, entries }]]);
    const changes = () => treeChanges(nodes, new Map(), new Map(), DEFAULT_LIMITS);
    const link = (id: number) => {
      nodes.set(id, { kind: "link", times, target: `${"x/".repeat(2047)}x` });
      entries.set(`link ${id}`, id);
    };
    for (let id = 100; id < 100 + MAX_NAMES_FOLLOWED / 2048; id++) link(id);
    expect(changes()).toEqual([]);
    link(200);
    expect(changes).toThrow('"link 200": too many symbolic links (ELOOP)');
  });

  test("fail when they write more than limits.fileBytes, however many names a file has", () => {
    const guest = new TestGuest({}, { isJournaled: true });
    const limits = { ...DEFAULT_LIMITS, fileBytes: 20 };
    const shadow = new FileShadow(limits);
    shadow.follow(ROOT_VOLUME, { isJournaled: true });
    const changes = () => {
      shadow.apply(guest.files.takeChanges() ?? { volumes: new Map(), mounts: undefined });
      const { nodes, journal } = shadow.volume(ROOT_VOLUME) ?? {};
      return treeChanges(nodes ?? new Map(), journal?.take() ?? new Map(), new Map(), limits);
    };
    guest.files.write("a", "1234567890");
    guest.link("a", "b");
    expect(changes()).toHaveLength(2);
    guest.files.write("a", "0123456789");
    guest.link("a", "c");
    expect(changes).toThrow('"c": file too large (EFBIG)');
  });

  test("leave out mounts and keep what they hide", () => {
    const { guest, follower } = guestWith({ data: { old: "old" } });
    const mounts = [guest.files.mount("data", { new: "new" }), guest.files.mount("other", {})];
    guest.files.write("data/new", "newer");
    expect(follower.changes(guest)).toEqual([]);
    for (const mount of mounts) mount.unmount();
    expect(follower.changes(guest)).toEqual([]);
    expect(guest.files.snapshot()).toEqual({ data: { old: new TextEncoder().encode("old") } });
  });

  test("make a copy equal to the volume after any operations", () => {
    const moments = fc.array(fc.array(step, { maxLength: 12 }), { maxLength: 5 });
    fc.assert(
      fc.property(moments, (moments) => {
        const { guest, follower } = guestWith(startTree());
        const mounts: MountedTree[] = [];
        const copy = flatten(startTree());
        for (const steps of moments) {
          for (const each of steps) take(each, guest, mounts);
          for (const change of follower.changes(guest)) applyTo(copy, change);
          const alone = new FileSystem({ limits: DEFAULT_LIMITS, clock: new TestClock() });
          const { volumes } = follower.shadow.image();
          alone.restore(structuredClone({ volumes, mounts: undefined }));
          expect(sorted(copy)).toEqual(sorted(flatten(alone.snapshot())));
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** Describes every path with its content, as text. */
type Flat = Map<string, string>;

function flatten(tree: PlainFiles, prefix = ""): Flat {
  const flat: Flat = new Map();
  for (const [name, content] of Object.entries(tree)) {
    if (typeof content === "string") {
      flat.set(prefix + name, digest(new TextEncoder().encode(content)));
    } else if (content instanceof Uint8Array) {
      flat.set(prefix + name, digest(content));
    } else {
      flat.set(prefix + name, "directory");
      for (const [path, what] of flatten(content, `${prefix}${name}/`)) {
        flat.set(path, what);
      }
    }
  }
  return flat;
}

function applyTo(flat: Flat, change: TreeChange): void {
  const { kind, path } = change;
  const parent = path.split("/").slice(0, -1).join("/");
  if (parent !== "" && kind !== "removed") expect(flat.get(parent)).toBe("directory");
  const isDirectory = flat.get(path) === "directory";
  if (kind !== "directory" && (kind === "removed" || isDirectory)) {
    for (const other of flat.keys()) if (`${other}/`.startsWith(`${path}/`)) flat.delete(other);
  }
  if (kind === "directory") flat.set(path, "directory");
  if (kind !== "file") return;
  const bytes = new Uint8Array(change.size);
  for (const [index, chunk] of change.chunks) bytes.set(chunk, index * CHUNK_BYTES);
  flat.set(path, digest(bytes));
}

function sorted(flat: Flat): Flat {
  return new Map([...flat].sort(([one], [other]) => (one < other ? -1 : 1)));
}

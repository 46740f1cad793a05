import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../limits.ts";
import { TestClock, TestGuest } from "../../wasi/guest.test-kit.ts";
import { CHUNK_BYTES } from "../file-content.ts";
import { startTree, step, take, visibleIn } from "../file-system.test-kit.ts";
import { FileSystem, type MountedTree } from "../file-system.ts";
import { ROOT_VOLUME } from "../volume.ts";
import type { FileChanges } from "./file-changes.ts";
import { FileShadow } from "./file-shadow.ts";

const CREATE = 1;

/** Reports changes to a shadow, which starts to follow every volume in them, as the page does when it mounts. */
function report(shadow: FileShadow, changes: FileChanges | undefined): void {
  if (changes === undefined) return;
  for (const [volume, { isReadOnly }] of changes.volumes) {
    if (shadow.volume(volume) === undefined) {
      shadow.follow(volume, { isJournaled: false, isReadOnly });
    }
  }
  shadow.apply(structuredClone(changes));
}

/** Creates a guest whose changes up to now were taken. */
function settledGuest(files: Parameters<FileSystem["load"]>[0]): TestGuest {
  const guest = new TestGuest({}, { isJournaled: true });
  guest.files.load(files);
  guest.files.takeChanges();
  return guest;
}

/** Returns the size of changes. */
function extent(changes: FileChanges | undefined): Record<string, number> {
  const extent = { nodes: 0, entries: 0, bytes: 0 };
  for (const { nodes } of changes?.volumes.values() ?? []) {
    for (const change of nodes.values()) {
      extent.nodes++;
      if (change?.kind === "directory") extent.entries += change.entries.size;
      if (change?.kind !== "file") continue;
      for (const chunk of change.chunks.values()) extent.bytes += chunk?.length ?? 0;
    }
  }
  return extent;
}

describe("changes of a file system", () => {
  test("create an identical copy after any operations", () => {
    const moments = fc.array(fc.array(step, { maxLength: 12 }), { maxLength: 5 });
    fc.assert(
      fc.property(moments, (moments) => {
        const guest = new TestGuest({}, { isJournaled: true });
        const mounts: MountedTree[] = [];
        const shadow = new FileShadow(DEFAULT_LIMITS);
        guest.files.load(startTree());
        for (const steps of [[], ...moments]) {
          for (const each of steps) take(each, guest, mounts);
          report(shadow, guest.files.takeChanges());
          const other = new FileSystem({ limits: DEFAULT_LIMITS, clock: new TestClock() });
          other.restore(structuredClone(shadow.image()));
          expect(visibleIn(other)).toEqual(visibleIn(guest.files));
        }
      }),
      { numRuns: 150 },
    );
  });

  test("continue from a restored copy as from the original", () => {
    const steps = fc.array(step, { maxLength: 12 });
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const guest = new TestGuest({}, { isJournaled: true });
        const shadow = new FileShadow(DEFAULT_LIMITS);
        guest.files.load(startTree());
        for (const each of before) take(each, guest, []);
        report(shadow, guest.files.takeChanges());
        const other = new TestGuest({}, { isJournaled: true });
        other.files.restore(structuredClone(shadow.image()));
        expect(other.files.takeChanges()).toBeUndefined();
        for (const each of after) take(each, other, []);
        report(shadow, other.files.takeChanges());
        const third = new FileSystem({ limits: DEFAULT_LIMITS, clock: new TestClock() });
        third.restore(structuredClone(shadow.image()));
        expect(visibleIn(third)).toEqual(visibleIn(other.files));
      }),
      { numRuns: 100 },
    );
  });

  test("are undefined when nothing changed, or files were only read", () => {
    const guest = settledGuest({ file: "content", directory: {} });
    guest.read(guest.open("file"), 7);
    guest.names("directory");
    guest.stat("file");
    guest.files.snapshot();
    expect(guest.files.takeChanges()).toBeUndefined();
  });

  test("of a small write are small, whatever the size of the file system", () => {
    const megabytes = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`${index}`, new Uint8Array(1 << 20).fill(1)]),
    );
    const guest = settledGuest({ megabytes });
    guest.files.write("new", new Uint8Array(1024));
    expect(extent(guest.files.takeChanges())).toEqual({ nodes: 2, entries: 1, bytes: 1024 });
    const fd = guest.open("megabytes/7");
    guest.pwrite(fd, "x", 500_000n);
    expect(extent(guest.files.takeChanges())).toEqual({ nodes: 1, entries: 0, bytes: CHUNK_BYTES });
    for (let count = 0; count < 1000; count++) guest.pwrite(fd, "x", 500_000n);
    expect(extent(guest.files.takeChanges())).toEqual({ nodes: 1, entries: 0, bytes: CHUNK_BYTES });
  });

  test("of a moved directory are two names, whatever it contains", () => {
    const files = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`${index}`, "content"]),
    );
    const guest = settledGuest({ from: { directory: files }, to: {} });
    guest.rename("from/directory", "to/directory");
    expect(extent(guest.files.takeChanges())).toEqual({ nodes: 3, entries: 2, bytes: 0 });
  });

  test("leave out a file that was created and removed", () => {
    const guest = settledGuest({});
    guest.files.write("temporary", new Uint8Array(100_000));
    guest.files.remove("temporary");
    expect(extent(guest.files.takeChanges())["bytes"]).toBe(0);
  });

  test("have bounded size, however many files are created and removed in between", () => {
    const guest = settledGuest({ old: "old", large: new Uint8Array(2 * CHUNK_BYTES).fill(1) });
    const large = guest.open("large");
    for (let round = 0; round < 200; round++) {
      const name = `new ${round}`;
      const nameless = guest.open(name, { flags: CREATE });
      guest.pwrite(nameless, "x", 3n * BigInt(CHUNK_BYTES));
      guest.call("fd_filestat_set_size", nameless, 0n);
      guest.rename(name, `${name} moved`);
      guest.unlink(`${name} moved`);
      guest.write(nameless, "x");
      guest.close(nameless);
      guest.mkdir(name);
      guest.symlink("old", `${name}/link`);
      guest.unlink(`${name}/link`);
      guest.rmdir(name);
      guest.rename("old", `old ${round}`);
      guest.rename(`old ${round}`, "old");
      for (const size of [1000 * CHUNK_BYTES, CHUNK_BYTES]) {
        guest.call("fd_filestat_set_size", large, BigInt(size));
      }
      guest.pwrite(large, "x", BigInt(round * CHUNK_BYTES));
    }
    guest.call("fd_filestat_set_size", large, BigInt(CHUNK_BYTES));
    const changes = guest.files.takeChanges();
    expect(extent(changes)).toEqual({ nodes: 3, entries: 1, bytes: CHUNK_BYTES });
    const chunks = [...(changes?.volumes.get(ROOT_VOLUME)?.nodes.values() ?? [])].flatMap(
      (change) => (change?.kind === "file" ? [...change.chunks.keys()] : []),
    );
    expect(new Set(chunks)).toEqual(new Set([0, 1]));
  });

  test("contain one mount alone when only that one is journaled", () => {
    const guest = new TestGuest();
    const mount = guest.files.mount("home", { file: "1" }, { volume: 7, isJournaled: true });
    guest.files.mount("other", { file: "2" });
    guest.files.write("outside", "3");
    const changes = guest.files.takeChanges();
    expect([...(changes?.volumes.keys() ?? [])]).toEqual([7]);
    expect([...(changes?.mounts?.keys() ?? [])]).toEqual([7, 8]);
    guest.files.write("outside", "4");
    guest.files.write("other/file", "5");
    expect(guest.files.takeChanges()).toBeUndefined();
    guest.files.write("home/file", "6");
    mount.unmount();
    const last = guest.files.takeChanges();
    expect(last?.volumes.size).toBe(0);
    expect([...(last?.mounts?.keys() ?? [])]).toEqual([8]);
  });

  test("are not recorded in volumes that are not journaled", () => {
    const guest = new TestGuest();
    guest.files.write("file", "content");
    guest.files.mount("data", { file: "" });
    expect(guest.files.takeChanges()).toBeUndefined();
  });
});

import { afterEach, describe, expect, test, vi } from "vitest";
import type { FileChanges, NodeChange } from "../../files/changes/file-changes.ts";
import { FileShadow } from "../../files/changes/file-shadow.ts";
import { ROOT_NODE, ROOT_VOLUME } from "../../files/volume.ts";
import { DEFAULT_LIMITS } from "../../limits.ts";
import { DirectoryCopy } from "./directory-copy.ts";

const times = [1n, 2n, 3n] as const;

/** A volume with one file of four bytes, and a copy of it. */
function copied(createWritable: () => Promise<unknown>) {
  const shadow = new FileShadow(DEFAULT_LIMITS);
  shadow.follow(ROOT_VOLUME, { isJournaled: true });
  const write = () => {
    const chunks = new Map([[0, new Uint8Array(4)]]);
    const nodes = new Map<number, NodeChange>([
      [ROOT_NODE, { kind: "directory", times, entries: new Map([["a.txt", 2]]) }],
      [2, { kind: "file", times, size: 4, chunks }],
    ]);
    const volumes = new Map([[ROOT_VOLUME, { isReadOnly: false, nodes }]]);
    shadow.apply({ volumes, mounts: undefined } satisfies FileChanges);
  };
  write();
  const directory = { getFileHandle: () => Promise.resolve({ createWritable }) };
  const copy = new DirectoryCopy({
    pluginName: "p",
    limits: DEFAULT_LIMITS,
    directory: directory as unknown as FileSystemDirectoryHandle,
    findVolume: () => shadow.volume(ROOT_VOLUME),
  });
  return { copy, write };
}

const refuse = () => Promise.reject(new Error("the disk is full"));

afterEach(() => void vi.unstubAllGlobals());

describe("a copy in a directory", () => {
  test.each(["write", "truncate", "close"])(
    "closes a file whose %s fails, and writes it the next time",
    async (step) => {
      const log: string[] = [];
      let isFull = true;
      const { copy } = copied(() => {
        const does = (name: string) => () => {
          log.push(name);
          return isFull && (name === step || name === "abort") ? refuse() : Promise.resolve();
        };
        const [write, truncate, close, abort] = ["write", "truncate", "close", "abort"].map(does);
        return Promise.resolve({ write, truncate, close, abort });
      });
      await expect(copy.save()).rejects.toThrow("the disk is full");
      expect(log.slice(-2)).toEqual([step, "abort"]);
      isFull = false;
      log.splice(0);
      await copy.save();
      expect(log).toEqual(["write", "truncate", "close"]);
    },
  );

  test("that nobody waits for reports a failure once, however often a guest causes it", async () => {
    const report = vi.fn();
    vi.stubGlobal("reportError", report);
    const { copy, write } = copied(refuse);
    for (let times = 0; times < 3; times++) {
      copy.saveUnasked();
      await expect(copy.save()).rejects.toThrow("the disk is full");
      write();
    }
    expect(report.mock.calls).toEqual([[new Error("the disk is full")]]);
  });
});

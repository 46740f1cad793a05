import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFolder, readFolder, writeFolder } from "./folders.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloche-folders-"));
  mkdirSync(join(folder, "sub"));
  writeFileSync(join(folder, "a.txt"), "a");
  writeFileSync(join(folder, "sub/b.txt"), "bb");
});

afterEach(() => rmSync(folder, { recursive: true }));

const text = (path: string) => readFileSync(join(folder, path), "utf8");
const bytes = (content: string) => new TextEncoder().encode(content);

describe("a folder that is read", () => {
  test("has its files and directories, and those of a link to a file inside", async () => {
    symlinkSync("sub/b.txt", join(folder, "link"));
    expect(await readFolder(folder)).toEqual({
      "a.txt": bytes("a"),
      link: bytes("bb"),
      sub: { "b.txt": bytes("bb") },
    });
  });

  test("has nothing that a link leads to outside, above or to a directory", async () => {
    const links = { file: "/etc/passwd", above: "..", self: ".", gone: "nothing", loop: "loop" };
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));
    expect(Object.keys(await readFolder(folder)).sort()).toEqual(["a.txt", "sub"]);
    const handle = await openFolder(folder);
    for (const name of Object.keys(links)) {
      await expect(handle.getFileHandle(name)).rejects.toThrow("another kind");
      await expect(handle.getDirectoryHandle(name)).rejects.toThrow("another kind");
    }
    await expect(handle.getFileHandle("../x")).rejects.toThrow(TypeError);
  });

  test("may be as large as the limits, and no larger", async () => {
    const limits = { fileBytes: 3, inodes: 3 };
    expect(await readFolder(folder, { limits })).toBeDefined();
    const read = (less: object) => readFolder(folder, { limits: { ...limits, ...less } });
    await expect(read({ fileBytes: 2 })).rejects.toThrow("more than 2 bytes of files");
    await expect(read({ fileBytes: 1 })).rejects.toThrow("limits.fileBytes");
    await expect(read({ inodes: 2 })).rejects.toThrow("more than 2 files and directories");
    await expect(read({ files: 2 })).rejects.toThrow("unknown name");
    await expect(readFolder(join(folder, "nothing"))).rejects.toThrow("ENOENT");
  });
});

describe("a folder that is written", () => {
  test("gets files and directories, and keeps others", async () => {
    await writeFolder(join(folder, "new/deep"), { "c.txt": "c", empty: {} });
    await writeFolder(folder, { "a.txt": "changed" });
    expect(readdirSync(join(folder, "new/deep")).sort()).toEqual(["c.txt", "empty"]);
    expect([text("a.txt"), text("sub/b.txt")]).toEqual(["changed", "bb"]);
  });

  test("loses what is gone since it was read, and keeps what has not changed", async () => {
    const since = await readFolder(folder);
    const { ino } = statSync(join(folder, "a.txt"));
    await writeFolder(folder, { "a.txt": "a", sub: "now a file" }, { since });
    expect(statSync(join(folder, "a.txt")).ino).toBe(ino);
    await writeFolder(folder, { sub: { c: "c" } }, { since: await readFolder(folder) });
    expect(readdirSync(folder)).toEqual(["sub"]);
    expect(text("sub/c")).toBe("c");
  });

  test("is not left by a link: a file replaces one, and a directory is refused", async () => {
    const outside = mkdtempSync(join(tmpdir(), "cloche-outside-"));
    writeFileSync(join(outside, "file"), "untouched");
    symlinkSync(join(outside, "file"), join(folder, "file"));
    symlinkSync(outside, join(folder, "directory"));
    await writeFolder(folder, { file: "mine" });
    await expect(writeFolder(folder, { directory: { file: "x" } })).rejects.toThrow("another kind");
    expect(lstatSync(join(folder, "file")).isFile()).toBe(true);
    expect([text("file"), readFileSync(join(outside, "file"), "utf8")]).toEqual([
      "mine",
      "untouched",
    ]);
    rmSync(outside, { recursive: true });
  });

  test("keeps the mode of a file", async () => {
    chmodSync(join(folder, "a.txt"), 0o750);
    await writeFolder(folder, { "a.txt": "changed" });
    expect(statSync(join(folder, "a.txt")).mode & 0o777).toBe(0o750);
  });
});

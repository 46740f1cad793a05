import { FATES, HALF_WRITER } from "./harness/half-writer.ts";
import { expect, JSPI_ON_PAGES, PAGE_ONLY, STORAGE, test } from "./harness/test.ts";

test.describe("a mount", () => {
  test("is visible to the guest at once; unmounting reveals what it hid", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything({ files: { data: { "old.txt": "old" } } });
      const list = plugin.function("list_files", [t.string], t.result(t.vec(t.string), t.string));
      const read = plugin.function("read_file", [t.string], t.result(t.string, t.string));
      const seen: unknown[] = [];
      const mount = await plugin.mount("/data", { "new.txt": "new", sub: { "deep.txt": "deep" } });
      seen.push(await list("/data"), await read("/data/sub/deep.txt"));
      const other = await plugin.mount("/elsewhere/new", { "x.txt": "x" });
      seen.push(await list("/elsewhere/new"));
      await mount.unmount();
      await mount.unmount();
      // WebKit lacks the symbol.
      const dispose: typeof Symbol.asyncDispose =
        Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
      await other[dispose]();
      seen.push(await list("/data"), await plugin.files.exists("/elsewhere/new"));
      return seen;
    });
    expect(answer).toEqual([
      { ok: true, value: ["new.txt", "sub"] },
      { ok: true, value: "deep" },
      { ok: true, value: ["x.txt"] },
      { ok: true, value: ["old.txt"] },
      false,
    ]);
  });

  test("that is read-only rejects all writes of the guest and the page", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { PluginFileError, t } = window.cloche;
      const plugin = await window.loadEverything();
      await plugin.mount("/fixed", { "a.txt": "a" }, { readOnly: true });
      const write = plugin.function("write_file", [t.string, t.string], t.result(t.unit, t.string));
      const { error } = await window.rejection(plugin.files.write("/fixed/a.txt", "b"));
      return [
        (await write("/fixed/a.txt", "b")).ok,
        (await write("/fixed/new.txt", "b")).ok,
        error instanceof PluginFileError && error.code,
        await plugin.files.readText("/fixed/a.txt"),
      ];
    });
    expect(answer).toEqual([false, false, "EROFS", "a"]);
  });

  test("takes files that a person chose, with their folders", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const plugin = await window.loadEverything();
      const inFolder = new File(["in a folder"], "b.txt");
      Object.defineProperty(inFolder, "webkitRelativePath", { value: "top/sub/b.txt" });
      await plugin.mount("/chosen", [new File(["flat"], "a.txt"), inFolder]);
      return [
        await plugin.files.readText("/chosen/a.txt"),
        await plugin.files.readText("/chosen/top/sub/b.txt"),
      ];
    });
    expect(answer).toEqual(["flat", "in a folder"]);
  });

  test(
    "takes a FileList, also of another realm, and files of one",
    PAGE_ONLY,
    async ({ harness }) => {
      const answer = await harness.evaluate(async () => {
        const plugin = await window.loadEverything();
        const frame = document.createElement("iframe");
        document.body.append(frame);
        const realm = frame.contentWindow as Window & typeof globalThis;
        const chosen = new realm.DataTransfer();
        chosen.items.add(new realm.File(["listed"], "a.txt"));
        await plugin.mount("/list", chosen.files);
        await plugin.mount("/array", [new realm.File(["in an array"], "b.txt")]);
        return [
          await plugin.files.readText("/list/a.txt"),
          await plugin.files.readText("/array/b.txt"),
        ];
      });
      expect(answer).toEqual(["listed", "in an array"]);
    },
  );

  test("reads blobs of an iframe that is removed", PAGE_ONLY, async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const plugin = await window.loadEverything();
      const archive = await plugin.files.exportZip("/");
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const realm = frame.contentWindow as Window & typeof globalThis;
      const [blob, zip] = [new realm.Blob(["text"]), new realm.Blob([archive])];
      frame.remove();
      await plugin.files.importZip(zip);
      await plugin.files.write("/written", blob);
      await plugin.mount("/mounted", { a: blob });
      return [await plugin.files.readText("/written"), await plugin.files.readText("/mounted/a")];
    });
    expect(answer).toEqual(["text", "text"]);
  });

  test("of an invalid value is rejected and mounts nothing", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const plugin = await window.loadEverything();
      const file = new File(["x"], "a.txt");
      const sources = [file, "text", new Map([["a", "b"]]), [file, file], ["a.txt"], { a: 5 }];
      const ends = sources.map((source) => window.rejection(plugin.mount("/m", source as never)));
      const options = { readonly: true } as object;
      ends.push(window.rejection(plugin.mount("/m", {}, options)));
      ends.push(window.rejection(plugin.mount(5 as never, {})));
      const errors = await Promise.all(ends);
      return [
        errors.map(({ name, message }) => `${name}: ${message}`),
        await plugin.files.list("/"),
      ];
    });
    const must =
      "(must be a tree of files, a FileList or array of Files, or a FileSystemDirectoryHandle";
    expect(answer).toEqual([
      [
        `TypeError: Invalid source: File ${must}; for one file pass an array)`,
        `TypeError: Invalid source: string "text" ${must})`,
        `TypeError: Invalid source: Map ${must})`,
        'TypeError: Invalid source[1]: has the path of another file, "a.txt"',
        'TypeError: Invalid source[0]: string "a.txt" (must be a File)',
        'TypeError: Invalid source["a"]: 5 (must be text, an ArrayBuffer, a view of one or a Blob, or a directory)',
        'TypeError: Invalid options.readonly: unknown name (did you mean "readOnly"?)',
        "TypeError: Invalid path: 5 (must be a string)",
      ],
      [],
    ]);
  });

  test("of the root or over a file is rejected", async ({ harness }) => {
    const codes = await harness.evaluate(async () => {
      const { PluginFileError } = window.cloche;
      const plugin = await window.loadEverything({ files: { file: "" } });
      const rejections = await Promise.all(
        ["/", "/file"].map((path) => window.rejection(plugin.mount(path, {}))),
      );
      return rejections.map(({ error }) => error instanceof PluginFileError && error.code);
    });
    expect(codes).toEqual(["EBUSY", "ENOTDIR"]);
  });
});

test.describe("a persistent mount", STORAGE, () => {
  test("keeps what the guest wrote, changed and removed across a reload", async ({ harness }) => {
    const write = () =>
      harness.evaluate(async () => {
        const { t } = window.cloche;
        const root = await navigator.storage.getDirectory();
        const home = await root.getDirectoryHandle("home", { create: true });
        const plugin = await window.loadEverything();
        const mount = await plugin.mount("/home", home, { persist: true });
        const found = Object.keys(await plugin.files.snapshot("/home"));
        const outcome = t.result(t.unit, t.string);
        const writeFile = plugin.function("write_file", [t.string, t.string], outcome);
        const remove = plugin.function("remove_file", [t.string], outcome);
        await plugin.files.mkdir("/home/sub");
        await writeFile("/home/sub/kept.txt", `written after ${found.join()}`);
        await writeFile(`/home/${found.length}.txt`, "x");
        if (found.includes("0.txt")) await remove("/home/0.txt");
        await mount.save();
        return found;
      });
    const visits = [await write()];
    await harness.reload();
    await harness.waitForFunction(() => "cloche" in window);
    visits.push(await write());
    await harness.reload();
    await harness.waitForFunction(() => "cloche" in window);
    visits.push(await write());
    expect(visits.map((names) => names.toSorted())).toEqual([
      [],
      ["0.txt", "sub"],
      ["2.txt", "sub"],
    ]);
  });

  test("is saved after every call and when the plugin closes", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const root = await navigator.storage.getDirectory();
      const plugin = await window.loadEverything();
      await plugin.mount("/opfs", root, { persist: true });
      const outcome = t.result(t.unit, t.string);
      const writeFile = plugin.function("write_file", [t.string, t.string], outcome);
      await writeFile("/opfs/note.txt", "saved");
      await plugin.close();
      const file = await (await root.getFileHandle("note.txt")).getFile();
      return file.text();
    });
    expect(answer).toBe("saved");
  });

  test("is saved after the page writes, moves or removes files", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const home = await root.getDirectoryHandle("home", { create: true });
      const plugin = await window.loadEverything();
      const mount = await plugin.mount("/home", home, { persist: true });
      await plugin.files.load("/home", { a: "a", b: "b", deep: { c: "c" } });
      await plugin.files.rename("/home/deep", "/home/moved");
      await plugin.files.remove("/home/a");
      await plugin.mount("/home/other", { hidden: "" });
      await mount.save();
      return window.loadEverything().then(async (other) => {
        await other.mount("/seen", home);
        return Object.entries(await other.files.snapshot("/seen")).map(([name, content]) => [
          name,
          content instanceof Uint8Array ? content.length : Object.keys(content),
        ]);
      });
    });
    expect(Object.fromEntries(answer)).toEqual({ b: 1, moved: ["c"] });
  });

  for (const fate of ["traps", "spins", "exits", "overflows"] as const) {
    test(`has what was written before a call that ${fate}, and nothing of that`, async ({
      harness,
    }) => {
      const answer = await harness.evaluate(
        async ({ bytes, fates, fate }) => {
          const { hostFunction, loadPlugin, t } = window.cloche;
          const home = await navigator.storage.getDirectory();
          const plugin = await loadPlugin(new Uint8Array(bytes), {
            hostFunctions: { pause: hostFunction([], t.unit, () => {}) },
          });
          const mount = await plugin.mount("/home", home, { persist: true });
          const params = [t.string, t.string, t.u32] as const;
          const write = plugin.function("write", params, t.unit).with({ timeoutMs: 200 });
          await write("home/whole", "before", fates.writes);
          await Promise.allSettled([
            write("home/also", "before, too", fates.writes),
            write("home/whole", "cut off", fates[fate]),
          ]);
          await mount.save();
          const text = async (name: string) =>
            (await (await home.getFileHandle(name)).getFile()).text();
          return [(await plugin.closed).kind, await text("whole"), await text("also")];
        },
        { bytes: HALF_WRITER, fates: FATES, fate },
      );
      expect(answer).toEqual(["failed", "before", "before, too"]);
    });
  }

  test(
    "has no changes of a running call, and all of them afterwards",
    JSPI_ON_PAGES,
    async ({ harness }) => {
      const answer = await harness.evaluate(
        async ({ bytes, fates }) => {
          const { hostFunction, loadPlugin, t } = window.cloche;
          const home = await navigator.storage.getDirectory();
          const seen: string[] = [];
          const look = async () => {
            const file = await (await home.getFileHandle("file")).getFile();
            seen.push(await file.text());
          };
          const plugin = await loadPlugin(new Uint8Array(bytes), {
            blocking: "jspi",
            hostFunctions: {
              pause: hostFunction([], t.unit, async () => {
                seen.push(await plugin.files.readText("/home/file"));
                await mount.save();
                await look();
              }),
            },
          });
          const mount = await plugin.mount("/home", home, { persist: true });
          const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
          await write("home/file", "before", fates.writes);
          await mount.save();
          await write("home/file", "afterwards", fates.asks);
          await mount.save();
          await look();
          return seen;
        },
        { bytes: HALF_WRITER, fates: FATES },
      );
      expect(answer).toEqual(["after", "before", "afterwards"]);
    },
  );

  test("retries what could not be written", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const home = await root.getDirectoryHandle("home", { create: true });
      const plugin = await window.loadEverything();
      const mount = await plugin.mount("/home", home, { persist: true });
      await root.removeEntry("home", { recursive: true });
      const reported: string[] = [];
      window.addEventListener("error", (event) => {
        event.preventDefault();
        reported.push(event.message);
      });
      await plugin.files.load("/home", { "a.txt": "a", deep: { "b.txt": "b" } });
      await window.rejection(mount.save());
      await root.getDirectoryHandle("home", { create: true });
      await mount.save();
      const deep = await home.getDirectoryHandle("deep");
      const file = await (await deep.getFileHandle("b.txt")).getFile();
      return [reported.length, await file.text()];
    });
    expect(answer).toEqual([1, "b"]);
  });
});

test("a persistent mount requires a directory handle", async ({ harness }) => {
  const { name, message } = await harness.evaluate(async () => {
    const plugin = await window.loadEverything();
    return window.rejection(plugin.mount("/x", {}, { persist: true }));
  });
  expect(name).toBe("TypeError");
  expect(message).toContain("must be a FileSystemDirectoryHandle");
});

test.describe("a plugin's files as a zip archive", () => {
  test("are restored with empty directories and unusual names", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const files = JSON.parse('{"a.txt": "A", "empty": {}, "sub": {"__proto__": "p", "ü": "u"}}');
      const plugin = await window.loadEverything({ files });
      const archive = await plugin.files.exportZip();
      const other = await window.loadEverything();
      await other.files.importZip(archive, "/unpacked");
      return [
        await other.files.readText("/unpacked/a.txt"),
        await other.files.readText("/unpacked/sub/__proto__"),
        await other.files.readText("/unpacked/sub/ü"),
        (await other.files.stat("/unpacked/empty")).type,
      ];
    });
    expect(answer).toEqual(["A", "p", "u", "directory"]);
  });

  test("are rejected when they are too large, leave the directory, or are not an archive", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { PluginFileError, PluginLimitError } = window.cloche;
      const big = await window.loadEverything({
        files: { zeros: new Uint8Array(100_000) },
      });
      const archive = await big.files.exportZip();
      const small = await window.loadEverything({ limits: { fileBytes: 99_999 } });
      const tooLarge = await window.rejection(small.files.importZip(archive));
      // The same archive, its one name changed in both of its places to one that climbs.
      const climbing = archive.slice();
      for (let index = 0; index < climbing.length - 4; index++) {
        const isName = String.fromCharCode(...archive.subarray(index, index + 5)) === "zeros";
        if (isName) climbing.set([0x2e, 0x2e, 0x2f, 0x2e, 0x2e], index);
      }
      const climbs = await window.rejection(big.files.importZip(climbing));
      const noArchive = await window.rejection(big.files.importZip(new Uint8Array([1, 2, 3])));
      return [
        archive.length < 1000,
        tooLarge.error instanceof PluginLimitError && tooLarge.error.limit,
        climbs.error instanceof PluginFileError && climbs.error.code,
        noArchive.name,
      ];
    });
    expect(answer).toEqual([true, "fileBytes", "EINVAL", "TypeError"]);
  });
});

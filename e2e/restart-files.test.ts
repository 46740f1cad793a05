import { FATES, HALF_WRITER } from "./harness/half-writer.ts";
import { expect, JSPI_ON_PAGES, STORAGE, test } from "./harness/test.ts";

const WRITER = { bytes: HALF_WRITER, fates: FATES };

test.describe("files of a plugin with restart", () => {
  test("are kept, with times, links and names", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const large = new Uint8Array(700_000).map((_, index) => index % 251);
      const plugin = await window.loadEverything({
        restart: true,
        files: { "a.txt": "a", empty: {}, __proto__x: "p", large },
      });
      const outcome = t.result(t.unit, t.string);
      const write = plugin.function("write_file", [t.string, t.string], outcome);
      await write("/b.txt", "from the guest");
      await plugin.files.append("/large", new Uint8Array([1, 2, 3]));
      await plugin.files.remove("/a.txt");
      const before = await plugin.files.snapshot();
      const stat = await plugin.files.stat("/b.txt");
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      await window.rejection(plugin.function("trap", [], t.unit)());
      const after = await plugin.files.snapshot();
      const again = await plugin.files.stat("/b.txt");
      const plain = (tree: object) =>
        JSON.stringify(tree, (_, value: unknown) =>
          value instanceof Uint8Array ? [...value].join() : value,
        );
      return [
        plain(before) === plain(after),
        again.modifiedMs === stat.modifiedMs,
        plugin.restarts,
      ];
    });
    expect(answer).toEqual([true, true, 0]);
  });

  test("can be used between instances, and wait for the next worker", async ({ harness }) => {
    const answer = await harness.evaluate(async ({ bytes, fates }) => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes), {
        restart: true,
        hostFunctions: { pause: hostFunction([], t.unit, () => {}) },
      });
      const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
      await plugin.files.write("/file", "before");
      const spinning = window.rejection(
        write.with({ timeoutMs: 300 })("file", "half", fates.spins),
      );
      // Asked while the guest keeps the worker from hearing it.
      const contents = new TextEncoder().encode("!".repeat(10_000));
      const reading = plugin.files.readText("/file");
      const appending = plugin.files.append("/file", contents);
      contents.fill(0);
      const { name } = await spinning;
      await appending;
      return [
        name,
        await reading,
        (await plugin.files.readText("/file")) === `before${"!".repeat(10_000)}`,
        plugin.restarts,
      ];
    }, WRITER);
    expect(answer).toEqual(["PluginTimeoutError", "before", true, 0]);
  });

  test(
    "that the page changes during a call belong to that call",
    JSPI_ON_PAGES,
    async ({ harness }) => {
      const answer = await harness.evaluate(async ({ bytes, fates }) => {
        const { hostFunction, loadPlugin, t } = window.cloche;
        let isLast = false;
        const plugin = await loadPlugin(new Uint8Array(bytes), {
          restart: true,
          blocking: "jspi",
          hostFunctions: {
            pause: hostFunction([], t.unit, async () => {
              await plugin.files.write(isLast ? "/cut-off" : "/kept", "by the page");
              if (isLast) await new Promise(() => {});
            }),
          },
        });
        const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
        await write("file", "whole", fates.asks);
        isLast = true;
        await window.rejection(write.with({ timeoutMs: 200 })("file", "half", fates.asks));
        return [
          (await plugin.files.list("/")).map(({ name }) => name),
          await plugin.files.readText("/file"),
        ];
      }, WRITER);
      expect(answer).toEqual([["file", "kept"], "whole"]);
    },
  );

  test("are restored at any size, as is a copy of them", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything({ restart: true });
      const large = new Uint8Array(40 * 1024 * 1024 + 3);
      for (let index = 0; index < large.length; index++) large[index] = index >> 10;
      await plugin.files.write("/large", large);
      await plugin.files.write("/small", "small");
      await plugin.mount("/mount", { large });
      for (let life = 0; life < 2; life++) {
        await window.rejection(plugin.function("trap", [], t.unit)());
      }
      const { large: first, small, mount } = await plugin.files.snapshot();
      // Loops: a function for each of so many bytes takes seconds.
      const isLarge = (bytes: unknown) => {
        if (!(bytes instanceof Uint8Array) || bytes.length !== large.length) return false;
        for (let index = 0; index < large.length; index++)
          if (bytes[index] !== large[index]) return false;
        return true;
      };
      return [
        isLarge(first),
        isLarge((mount as { large: Uint8Array }).large),
        new TextDecoder().decode(small as Uint8Array),
      ];
    });
    expect(answer).toEqual([true, true, "small"]);
  });

  test("that were written before a host function failed are kept", async ({ harness }) => {
    const answer = await harness.evaluate(async ({ bytes, fates }) => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes), {
        restart: true,
        hostFunctions: {
          pause: hostFunction([], t.unit, () => {
            throw new Error("no");
          }),
        },
      });
      const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
      const { name } = await window.rejection(write("file", "halfhalf", fates.asks));
      await window.rejection(write("other", "", fates.traps));
      return [name, await plugin.files.readText("/file"), await plugin.files.exists("/other")];
    }, WRITER);
    expect(answer).toEqual(["PluginHostFunctionError", "half", false]);
  });
});

test.describe("mounts of a plugin with restart", () => {
  test("keep their paths and contents, and their handles work", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { PluginFileError, t } = window.cloche;
      const plugin = await window.loadEverything({
        restart: true,
        files: { data: { covered: "covered" } },
      });
      const outcome = t.result(t.unit, t.string);
      const write = plugin.function("write_file", [t.string, t.string], outcome);
      const trap = plugin.function("trap", [], t.unit);
      const fixed = await plugin.mount("/fixed", { "a.txt": "a" }, { readOnly: true });
      const data = await plugin.mount("/data", { "b.txt": "b" });
      await plugin.mount("/data/inner", { "c.txt": "c" });
      await write("/data/b.txt", "changed");
      await write("/data/inner/d.txt", "new");
      await window.rejection(trap());

      const seen: unknown[] = [
        await plugin.files.readText("/fixed/a.txt"),
        await plugin.files.readText("/data/b.txt"),
        await plugin.files.readText("/data/inner/c.txt"),
        await plugin.files.readText("/data/inner/d.txt"),
        await write("/fixed/a.txt", "x"),
      ];
      const { error } = await window.rejection(plugin.files.write("/fixed/a.txt", "x"));
      seen.push(error instanceof PluginFileError && error.code);
      await data.unmount();
      await data.unmount();
      seen.push(Object.keys(await plugin.files.snapshot("/data")));
      await window.rejection(trap());
      // With no instance up.
      await fixed.unmount();
      seen.push(
        (await plugin.files.list("/")).map(({ name }) => name),
        plugin.restarts,
      );
      return seen;
    });
    expect(answer).toEqual([
      "a",
      "changed",
      "c",
      "new",
      { ok: false, error: expect.any(String) },
      "EROFS",
      ["covered"],
      ["data"],
      1,
    ]);
  });

  test(
    "that persist are saved by every instance, and never during a call",
    STORAGE,
    async ({ harness }) => {
      const answer = await harness.evaluate(async ({ bytes, fates }) => {
        const { hostFunction, loadPlugin, t } = window.cloche;
        const home = await navigator.storage.getDirectory();
        const plugin = await loadPlugin(new Uint8Array(bytes), {
          restart: true,
          hostFunctions: { pause: hostFunction([], t.unit, () => {}) },
        });
        const mount = await plugin.mount("/home", home, { persist: true });
        const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
        const text = async (name: string) =>
          (await (await home.getFileHandle(name)).getFile()).text();
        const seen: unknown[] = [];
        for (const round of [1, 2]) {
          await write("home/file", `whole ${round}`, fates.writes);
          await window.rejection(write("home/file", "cut off", fates.traps));
          await mount.save();
          seen.push(await text("file"));
        }
        await write("home/last", "last", fates.writes);
        await mount.unmount();
        seen.push(await text("last"), await plugin.files.exists("/home"), plugin.restarts);
        return seen;
      }, WRITER);
      expect(answer).toEqual(["whole 1", "whole 2", "last", false, 2]);
    },
  );

  test(
    "that are mounted and unmounted during an interrupted call are unmounted",
    JSPI_ON_PAGES,
    async ({ harness }) => {
      const answer = await harness.evaluate(async ({ bytes, fates }) => {
        const { hostFunction, loadPlugin, t } = window.cloche;
        const plugin = await loadPlugin(new Uint8Array(bytes), {
          restart: true,
          blocking: "jspi",
          hostFunctions: {
            pause: hostFunction([], t.unit, async () => {
              await old.unmount();
              await plugin.mount("/new", { file: "new" });
              await new Promise(() => {});
            }),
          },
        });
        const old = await plugin.mount("/old", { file: "old" });
        const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
        await window.rejection(write.with({ timeoutMs: 200 })("new/half", "x", fates.asks));
        const names = (await plugin.files.list("/")).map(({ name }) => name);
        return [names, Object.keys(await plugin.files.snapshot("/new"))];
      }, WRITER);
      expect(answer).toEqual([["new"], ["file"]]);
    },
  );

  test(
    "that are made during a call have their original contents, even if the source changes",
    JSPI_ON_PAGES,
    async ({ harness }) => {
      const answer = await harness.evaluate(async ({ bytes, fates }) => {
        const { hostFunction, loadPlugin, t } = window.cloche;
        const plugin = await loadPlugin(new Uint8Array(bytes), {
          restart: true,
          blocking: "jspi",
          hostFunctions: {
            pause: hostFunction([], t.unit, async () => {
              const [one, two] = [new Uint8Array([1]), new Uint8Array([2])];
              const mounting = plugin.mount("/new", { one, two });
              structuredClone(one, { transfer: [one.buffer] });
              await mounting;
              structuredClone(two, { transfer: [two.buffer] });
              await new Promise(() => {});
            }),
          },
        });
        const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
        await window.rejection(write.with({ timeoutMs: 200 })("file", "x", fates.asks));
        const names = ["one", "two"];
        return Promise.all(
          names.map(async (name) => [...(await plugin.files.read(`/new/${name}`))]),
        );
      }, WRITER);
      expect(answer).toEqual([[1], [2]]);
    },
  );

  test("that are unmounted while an instance dies are missing in the next one", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async ({ bytes, fates }) => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes), {
        restart: true,
        hostFunctions: { pause: hostFunction([], t.unit, () => {}) },
      });
      const mount = await plugin.mount("/mount", { file: "old" });
      const write = plugin.function("write", [t.string, t.string, t.u32], t.unit);
      const spinning = window.rejection(write.with({ timeoutMs: 300 })("file", "x", fates.spins));
      const next = write("file", "next", fates.writes);
      const question = plugin.files.exists("/");
      await mount.unmount();
      await Promise.all([spinning, question]);
      await next;
      const isThere = await plugin.files.exists("/mount");
      await window.rejection(write("file", "x", fates.traps));
      return [isThere, await plugin.files.exists("/mount"), await plugin.files.readText("/file")];
    }, WRITER);
    expect(answer).toEqual([false, false, "next"]);
  });
});

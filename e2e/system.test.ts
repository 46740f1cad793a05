import { expect, JSPI, PLAIN, test } from "./harness/test.ts";

test.describe("the environment of a guest", () => {
  test("is empty by default", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      const list = plugin.function("list_files", [t.string], t.result(t.vec(t.string), t.string));
      const read = plugin.function("read_line", [], t.result(t.option(t.string), t.string));
      return [
        await plugin.function("args", [], t.vec(t.string))(),
        await plugin.function("env_var", [t.string], t.option(t.string))("PATH"),
        await list("/"),
        await read(),
      ];
    });
    expect(answer).toEqual([[], null, { ok: true, value: [] }, { ok: true, value: null }]);
  });

  test("is set by the options", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything({
        args: ["everything", "--loud"],
        env: { PLACE: "under glass" },
        stdin: "first line\nsecond",
      });
      const line = plugin.function("read_line", [], t.result(t.option(t.string), t.string));
      return [
        await plugin.function("args", [], t.vec(t.string))(),
        await plugin.function("env_var", [t.string], t.option(t.string))("PLACE"),
        [await line(), await line(), await line()],
      ];
    });
    expect(answer).toEqual([
      ["everything", "--loud"],
      "under glass",
      [
        { ok: true, value: "first line" },
        { ok: true, value: "second" },
        { ok: true, value: null },
      ],
    ]);
  });

  test("has the browser's clock and randomness, and sleeps for real", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      const now = plugin.function("now_ms", [], t.u64);
      const before = Date.now();
      const guest = Number(await now());
      await plugin.function("sleep_ms", [t.u64], t.unit)(50n);
      const after = Number(await now());
      const other = await window.loadEverything();
      const [first, second] = await Promise.all(
        [plugin, other].map((each) => each.function("random", [], t.u64)()),
      );
      return [guest >= before && guest <= Date.now(), after - guest >= 49, first !== second];
    });
    expect(answer).toEqual([true, true, true]);
  });
});

test("a guest sleeps for real on a page that is not isolated, too", JSPI, async ({ harnessAt }) => {
  const harness = await harnessAt(PLAIN);
  const elapsedMs = await harness.evaluate(async () => {
    const { t } = window.cloche;
    const plugin = await window.loadEverything();
    const started = performance.now();
    await plugin.function("sleep_ms", [t.u64], t.unit)(100n);
    return performance.now() - started;
  });
  expect(elapsedMs).toBeGreaterThan(98);
});

test.describe("a guest's output", () => {
  test("arrives completely, in order, and before the call returns", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      let stdout = "";
      let stderr = "";
      const plugin = await window.loadEverything({
        stdout: (chunk) => (stdout += chunk),
        stderr: (chunk) => (stderr += chunk),
      });
      const print = plugin.function("print", [t.string], t.unit);
      const seen = [];
      await print("unfinished");
      seen.push(stdout);
      await print(" line\nnext 🔔");
      seen.push(stdout);
      await plugin.function("print_error", [t.string], t.unit)("oh");
      return [...seen, stderr];
    });
    expect(answer).toEqual(["unfinished", "unfinished line\nnext 🔔", "oh"]);
  });

  test("arrives in few chunks that are never split within a character", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const chunks: string[] = [];
      const plugin = await window.loadEverything({ stdout: (chunk) => chunks.push(chunk) });
      const print = plugin.function("print", [t.string], t.unit);
      const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} 🔔\n`).join("");
      await print(lines);
      const bells = "🔔".repeat(100_000);
      await print(bells);
      return {
        isWhole: chunks.join("") === lines + bells,
        fewChunks: chunks.length < 200,
        noHalves: chunks.every((chunk) => !chunk.includes("\ufffd")),
      };
    });
    expect(answer).toEqual({ isWhole: true, fewChunks: true, noHalves: true });
  });

  test("with a callback that throws raises the page's error event, and the call continues", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const reported: string[] = [];
      window.addEventListener("error", (event) => {
        event.preventDefault();
        reported.push(event.message);
      });
      const plugin = await window.loadEverything({
        stdout: () => {
          throw new Error("sink is full");
        },
      });
      await plugin.function("print", [t.string], t.unit)("hello\n");
      return [reported.length, await plugin.function("count", [], t.u32)()];
    });
    expect(answer).toEqual([1, 1]);
  });

  test("past limits.outputBytes is dropped", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      let stdout = "";
      const plugin = await window.loadEverything({
        stdout: (chunk) => (stdout += chunk),
        limits: { outputBytes: 10 },
      });
      const print = plugin.function("print", [t.string], t.unit);
      await print("0123456789abc");
      await print("next call");
      return stdout;
    });
    expect(answer).toBe("0123456789next call");
  });
});

test.describe("a plugin's files", () => {
  test("are shared between guest and page", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything({
        files: {
          "notes.txt": "hello",
          "data/deep": { "a.bin": new Uint8Array([1, 2]) },
        },
      });
      const outcome = t.result(t.string, t.string);
      const read = plugin.function("read_file", [t.string], outcome);
      const write = plugin.function("write_file", [t.string, t.string], t.result(t.unit, t.string));
      const list = plugin.function("list_files", [t.string], t.result(t.vec(t.string), t.string));
      const seen: unknown[] = [
        await read("/notes.txt"),
        await read("notes.txt"),
        await list("/data"),
      ];
      await write("/from-guest.txt", "guest was here");
      seen.push(await plugin.files.readText("/from-guest.txt"));
      await plugin.files.write("/data/from-page.txt", "page was here");
      seen.push(await read("/data/from-page.txt"));
      await plugin.files.append("/data/from-page.txt", "!");
      await plugin.files.rename("/data/from-page.txt", "/renamed.txt");
      await plugin.files.mkdir("/new/dirs");
      seen.push(await plugin.files.list("/"));
      seen.push((await plugin.files.stat("/renamed.txt")).size);
      await plugin.files.remove("/data");
      seen.push(await plugin.files.exists("/data"), Object.keys(await plugin.files.snapshot()));
      return seen;
    });
    expect(answer).toEqual([
      { ok: true, value: "hello" },
      { ok: true, value: "hello" },
      { ok: true, value: ["deep"] },
      "guest was here",
      { ok: true, value: "page was here" },
      [
        { name: "notes.txt", type: "file" },
        { name: "data", type: "directory" },
        { name: "from-guest.txt", type: "file" },
        { name: "renamed.txt", type: "file" },
        { name: "new", type: "directory" },
      ],
      14,
      false,
      ["notes.txt", "from-guest.txt", "renamed.txt", "new"],
    ]);
  });

  test("raise a PluginFileError with the name of the errno", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { PluginFileError } = window.cloche;
      const plugin = await window.loadEverything();
      const { error, message } = await window.rejection(plugin.files.read("/missing.txt"));
      return [error instanceof PluginFileError && [error.code, error.path], message];
    });
    expect(answer).toEqual([
      ["ENOENT", "/missing.txt"],
      'Cannot read "/missing.txt" of plugin "everything": no such file or directory (ENOENT)',
    ]);
  });

  test("are copies of the page's bytes", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const plugin = await window.loadEverything();
      const bytes = new Uint8Array(100_000).fill(5);
      const writing = plugin.files.write("/big.bin", bytes);
      bytes.fill(6);
      await writing;
      const read = await plugin.files.read("/big.bin");
      return [bytes.length, read.every((byte) => byte === 5)];
    });
    expect(answer).toEqual([100_000, true]);
  });
});

import { BLOCKING_WAYS, expect, PAGE_ONLY, PLAIN, test } from "./harness/test.ts";

test.describe("a plugin on the wasmer engine", () => {
  test("takes and returns typed arrays", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/double.wasm", window.onEngine("wasmer"));
      const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
      const doubleArray = plugin.function("double", [t.f64Array], t.f64Array);
      const many = await doubleArray(new Float64Array(1 << 20).fill(1.5));
      return [await double([1, 2, 3]), many.length, many.every((number) => number === 3)];
    });
    expect(answer).toEqual([[2, 4, 6], 1 << 20, true]);
  });

  test("shares its files with the page", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything({
        ...window.onEngine("wasmer"),
        files: { "notes.txt": "hello", "data/deep/a.bin": new Uint8Array([1]) },
      });
      const outcome = t.result(t.string, t.string);
      const read = plugin.function("read_file", [t.string], outcome);
      const write = plugin.function("write_file", [t.string, t.string], t.result(t.unit, t.string));
      const list = plugin.function("list_files", [t.string], t.result(t.vec(t.string), t.string));
      const seen: unknown[] = [
        await read("/notes.txt"),
        await read("notes.txt"),
        await list("/data"),
        await list("/"),
      ];
      await write("/from-guest.txt", "guest was here");
      await write("/from-guest.txt", "guest");
      seen.push(await plugin.files.readText("/from-guest.txt"));
      await plugin.files.write("/data/from-page.txt", "page was here");
      await plugin.files.append("/data/from-page.txt", "!");
      await plugin.files.rename("/data/from-page.txt", "/renamed.txt");
      seen.push(await read("/renamed.txt"), await read("/missing"));
      await plugin.files.mkdir("/new/dirs");
      await plugin.files.remove("/data");
      seen.push((await plugin.files.list("/")).map(({ name }) => name));
      seen.push((await plugin.files.stat("/renamed.txt")).size, await plugin.files.exists("/data"));
      return seen;
    });
    expect(answer).toEqual([
      { ok: true, value: "hello" },
      { ok: true, value: "hello" },
      { ok: true, value: ["deep"] },
      { ok: true, value: ["data", "notes.txt"] },
      "guest",
      { ok: true, value: "page was here!" },
      { ok: false, error: expect.stringContaining("No such file or directory") },
      ["notes.txt", "from-guest.txt", "renamed.txt", "new"],
      14,
      false,
    ]);
  });

  test("does not see files outside its directory", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything({
        ...window.onEngine("wasmer"),
        files: { a: { "f.txt": "in" } },
      });
      const outcome = t.result(t.string, t.string);
      const read = plugin.function("read_file", [t.string], outcome);
      const write = plugin.function("write_file", [t.string, t.string], t.result(t.unit, t.string));
      const remove = plugin.function("remove_file", [t.string], t.result(t.unit, t.string));
      const list = plugin.function("list_files", [t.string], t.result(t.vec(t.string), t.string));
      const inside = await read("/a/../a/f.txt");
      // The volume has these files of its own, beside the directory that is the plugin's.
      const paths = ["../dev/stdout", "/../dev/stdout", "/dev/stdout", "a/../../dev/stdout"];
      const reached: string[] = [];
      for (const path of paths) {
        if ((await read(path)).ok) reached.push(`read ${path}`);
        if ((await remove(path)).ok) reached.push(`remove ${path}`);
        if ((await write(path, "x")).ok) reached.push(`write ${path}`);
        if ((await list(path.replace("/stdout", ""))).ok) reached.push(`list ${path}`);
      }
      return [inside.ok, reached, Object.keys(await plugin.files.snapshot())];
    });
    expect(answer).toEqual([true, [], ["a"]]);
  });

  test("has streams, arguments and environment variables", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      let stdout = "";
      let stderr = "";
      const plugin = await window.loadEverything({
        ...window.onEngine("wasmer"),
        args: ["everything", "--loud"],
        env: { PLACE: "under glass" },
        stdin: "first line\nsecond",
        stdout: (chunk) => (stdout += chunk),
        stderr: (chunk) => (stderr += chunk),
      });
      const line = plugin.function("read_line", [], t.result(t.option(t.string), t.string));
      await plugin.function("print", [t.string], t.unit)("printed 🔔");
      await plugin.function("print_error", [t.string], t.unit)("oh");
      return [
        await plugin.function("args", [], t.vec(t.string))(),
        await plugin.function("env_var", [t.string], t.option(t.string))("PLACE"),
        [await line(), await line(), await line()],
        [stdout, stderr],
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
      ["printed 🔔", "oh"],
    ]);
  });

  test("has a fixed clock and seed if the options say so", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const run = async () => {
        const plugin = await window.loadEverything({
          ...window.onEngine("wasmer"),
          clock: { startMs: 1_000_000, stepNs: 0 },
          random: { seed: 7 },
        });
        const now = plugin.function("now_ms", [], t.u64);
        const before = await now();
        await plugin.function("sleep_ms", [t.u64], t.unit)(60_000n);
        return [before, await now(), await plugin.function("random", [], t.u64)()];
      };
      return [await run(), await run()];
    });
    expect(answer[0]).toEqual(answer[1]);
    expect(answer[0]?.slice(0, 2)).toEqual([1_000_000n, 1_060_000n]);
  });

  test("reports the message of a panic and the code of an exit", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { PluginExitError, PluginTrapError, t } = window.cloche;
      const engine = window.onEngine("wasmer");
      const [first, second] = [
        await window.loadEverything(engine),
        await window.loadEverything(engine),
      ];
      const panic = first.function("panic_with", [t.string], t.unit)("the glass is cracked");
      const exit = second.function("exit_with", [t.i32], t.unit)(7);
      const [trapped, exited] = [await window.rejection(panic), await window.rejection(exit)];
      return [
        trapped.error instanceof PluginTrapError && trapped.error.stderr,
        exited.error instanceof PluginExitError && exited.error.exitCode,
      ];
    });
    expect(answer).toEqual([expect.stringContaining("the glass is cracked"), 7]);
  });

  test("rejects mounts with an error that says so", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { PluginFileError } = window.cloche;
      const plugin = await window.loadEverything(window.onEngine("wasmer"));
      const { error } = await window.rejection(plugin.mount("/data", {}));
      return error instanceof PluginFileError && [error.code, error.path];
    });
    expect(answer).toEqual(["ENOTSUP", "/data"]);
  });

  test("runs from a script that the page hosts", PAGE_ONLY, async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/double.wasm", {
        worker: window.wasmerWorkerAddress,
      });
      const { error } = await window.rejection(plugin.mount("/data", {}));
      const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
      return [await double([21]), /ENOTSUP/.test(error.message)];
    });
    expect(answer).toEqual([[42], true]);
  });

  test("does not need an isolated page", async ({ harnessAt }) => {
    const harness = await harnessAt(PLAIN);
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything(window.onEngine("wasmer"));
      const started = performance.now();
      await plugin.function("sleep_ms", [t.u64], t.unit)(100n);
      return performance.now() - started;
    });
    expect(answer).toBeGreaterThan(98);
  });
});

test.describe("limits on the wasmer engine", () => {
  test("apply to the bytes and number of its files, and to its output", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      let stdout = "";
      const plugin = await window.loadEverything({
        ...window.onEngine("wasmer"),
        stdout: (chunk) => (stdout += chunk),
        limits: { fileBytes: 10, inodes: 2, outputBytes: 4 },
      });
      const write = plugin.function("write_file", [t.string, t.string], t.result(t.unit, t.string));
      const written = [
        await write("/a", "12345"),
        await write("/b", "12345"),
        await write("/c", ""),
        await write("/a", "123456"),
        await write("/a", "12345678901"),
      ];
      await plugin.function("print", [t.string], t.unit)("0123456789");
      return [written.map((each) => (each.ok ? "ok" : each.error)), stdout];
    });
    expect(answer).toEqual([
      [
        "ok",
        "ok",
        expect.stringContaining("No space left"),
        expect.stringContaining("No space left"),
        expect.stringContaining("File too large"),
      ],
      "0123",
    ]);
  });

  test("apply to the time of a call", async ({ harness }) => {
    const name = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything(window.onEngine("wasmer"));
      const spin = plugin.function("spin", [], t.unit).with({ timeoutMs: 100 });
      return (await window.rejection(spin())).name;
    });
    expect(name).toBe("PluginTimeoutError");
  });
});

for (const { blocking, address, details } of BLOCKING_WAYS) {
  test.describe(`the wasmer engine, the guest waiting by ${blocking}`, details, () => {
    test.use({ address });

    test("calls host functions", async ({ harness }) => {
      const answer = await harness.evaluate(async (blocking) => {
        const { hostFunction, t } = window.cloche;
        const plugin = await window.loadEverything({
          ...window.onEngine("wasmer"),
          blocking,
          hostFunctions: {
            run: hostFunction([t.string], t.bytes, async (command) => {
              await new Promise((resolve) => setTimeout(resolve, 10));
              return new TextEncoder().encode(`ran ${command}`);
            }),
          },
        });
        const run = plugin.function("call_run", [t.string], t.bytes);
        return new TextDecoder().decode(await run("ls 🔔"));
      }, blocking);
      expect(answer).toBe("ran ls 🔔");
    });

    test("waits for standard input from the page", async ({ harness }) => {
      const stdout = await harness.evaluate(async (blocking) => {
        const names = ["Ada\n", "Gra", "ce\n"];
        const stdin = async () => {
          await new Promise((resolve) => setTimeout(resolve, 10));
          return names.shift() ?? null;
        };
        return (await window.runTool(["greet"], { ...window.onEngine("wasmer"), blocking, stdin }))
          .stdout;
      }, blocking);
      expect(stdout).toBe("name? hello Ada\nname? hello Grace\nname? bye\n");
    });
  });
}

test.describe("a command on the wasmer engine", () => {
  test("returns its exit code, output and files", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const options = { ...window.onEngine("wasmer"), files: { "in.txt": "from me" } };
      const shown = await window.runTool(["show", "/in.txt"], options);
      const saved = await window.runTool(["save", "/new.txt", "from the guest"], options);
      const cat = await window.runTool(["cat"], { ...options, stdin: "through" });
      const flood = await window.runTool(["flood", "100"], {
        ...options,
        limits: { outputBytes: 9 },
      });
      const saidNew = saved.files["new.txt"] as Uint8Array;
      return [
        [shown.exitCode, shown.stdout],
        new TextDecoder().decode(saidNew),
        cat.stdout,
        [flood.stdout.length, flood.truncated.stdout],
        (await window.runTool(["exit", "42"], options)).exitCode,
        (await window.runTool(["show", "/missing"], options)).stderr,
      ];
    });
    expect(answer).toEqual([
      [0, "from me"],
      "from the guest",
      "through",
      [9, true],
      42,
      "/missing: No such file or directory\n",
    ]);
  });
});

for (const engine of ["cloche", "wasmer"] as const) {
  test(`a WasmFs is handed to a plugin on the ${engine} engine, and its files are taken out to another`, async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async (engine) => {
      const { t } = window.cloche;
      const { loadWasmFs, treeOfWasmFs } = window.wasmer;
      const given = new window.WasmFs();
      given.fs.mkdirSync("/docs");
      given.fs.writeFileSync("/docs/notes.txt", "from a WasmFs");
      given.fs.symlinkSync("/docs/notes.txt", "/link.txt");

      const plugin = await window.loadEverything({
        ...window.onEngine(engine),
        files: treeOfWasmFs(given),
      });
      const read = plugin.function("read_file", [t.string], t.result(t.string, t.string));
      const write = plugin.function("write_file", [t.string, t.string], t.result(t.unit, t.string));
      const seen = [await read("/docs/notes.txt"), await read("/link.txt")];
      await write("/docs/new.txt", "from the guest 🔔");

      const taken = loadWasmFs(new window.WasmFs(), await plugin.files.snapshot());
      return [
        seen,
        taken.fs.readFileSync("/docs/new.txt", "utf8"),
        taken.fs.readdirSync("/docs"),
        Object.keys(treeOfWasmFs(taken)),
        given.fs.existsSync("/docs/new.txt"),
      ];
    }, engine);
    expect(answer).toEqual([
      [
        { ok: true, value: "from a WasmFs" },
        { ok: true, value: "from a WasmFs" },
      ],
      "from the guest 🔔",
      ["new.txt", "notes.txt"],
      ["docs", "link.txt"],
      false,
    ]);
  });
}

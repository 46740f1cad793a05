/** Guests that no Rust SDK of ours made: they keep the ABI, each in its own way. */

import { BLOCKING_WAYS, expect, test } from "./harness/test.ts";

test.describe("an original guest of 2022", () => {
  test("runs its start code in every call and frees nothing", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const module = await WebAssembly.compileStreaming(fetch("/plugins/fixtures/original.wasm"));
      const calls: string[] = [];
      const badFd = 8;
      const imports: WebAssembly.Imports = { env: { __run: () => 0n } };
      for (const { module: from, name } of WebAssembly.Module.imports(module)) {
        if (from !== "env") (imports[from] ??= {})[name] = () => (calls.push(name), badFd);
      }
      const { exports } = await WebAssembly.instantiate(module, imports);
      const alloc = exports["__alloc_buffer"] as (length: number) => number;
      const free = exports["__free_buffer"] as (buffer: bigint) => void;
      const asked = [];
      const addresses = new Set<number>();
      for (let round = 0; round < 3; round += 1) {
        const address = alloc(1000);
        addresses.add(address);
        free((BigInt(address) << 32n) | 1000n);
        asked.push(calls.filter((call) => call === "fd_prestat_get").length);
      }
      return ["_initialize" in exports, asked, addresses.size];
    });
    expect(answer).toEqual([false, [2, 4, 6], 3]);
  });

  test("lists the functions of the ABI without the raw ones", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/fixtures/original.wasm", {
        hostFunctions: { run: hostFunction([t.string], t.bytes, () => new Uint8Array()) },
      });
      return plugin.functions;
    });
    expect(answer).toEqual([
      "double",
      "empty",
      "print",
      "read_text",
      "write_text",
      "relocate",
      "call_run",
      "fail",
    ]);
  });

  for (const { blocking, address, details } of BLOCKING_WAYS) {
    test(
      `answers, and its host calls are answered by ${blocking}`,
      details,
      async ({ harnessAt }) => {
        const harness = await harnessAt(address);
        const answer = await harness.evaluate(async (blocking) => {
          const { hostFunction, loadPlugin, t } = window.cloche;
          const encoder = new TextEncoder();
          const plugin = await loadPlugin("/plugins/fixtures/original.wasm", {
            blocking,
            hostFunctions: {
              run: hostFunction([t.string], t.bytes, async (command) => encoder.encode(command)),
            },
          });
          const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
          const empty = plugin.function("empty", [], t.unit);
          const callRun = plugin.function("call_run", [t.string], t.bytes);
          return [
            await double([1, 2.5, -3]),
            await double([]),
            await empty(),
            new TextDecoder().decode(await callRun("ls ⌖")),
            (await callRun("")).length,
          ];
        }, blocking);
        expect(answer).toEqual([[2, 5, -6], [], undefined, "ls ⌖", 0]);
      },
    );
  }

  test("takes a struct with a path and an enum, and returns one", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/fixtures/original.wasm", {
        hostFunctions: { run: hostFunction([t.string], t.bytes, () => new Uint8Array()) },
      });
      const kind = t.enum({
        File: t.u64,
        Directory: t.struct({ entries: t.u32, hidden: t.bool }),
        Link: t.unit,
      });
      const entry = t.struct({ path: t.string, kind, tags: t.vec(t.string) });
      const relocate = plugin.function("relocate", [entry, t.string], entry);
      const results = await Promise.all([
        relocate({ path: "/a/b.txt", kind: { type: "File", value: 4n }, tags: ["x", ""] }, "/c"),
        relocate(
          {
            path: "ä/⌖",
            kind: { type: "Directory", value: { entries: 2, hidden: false } },
            tags: [],
          },
          "ö",
        ),
        relocate({ path: "l", kind: { type: "Link" }, tags: ["y"] }, ""),
      ]);
      return JSON.stringify(results, (_, value: unknown) =>
        typeof value === "bigint" ? Number(value) : value,
      );
    });
    expect(JSON.parse(answer)).toEqual([
      { path: "/c/b.txt", kind: { type: "File", value: 8 }, tags: ["x", ""] },
      {
        path: "ö/⌖",
        kind: { type: "Directory", value: { entries: 3, hidden: true } },
        tags: [],
      },
      { path: "l", kind: { type: "Link" }, tags: ["y"] },
    ]);
  });

  test("reads and writes files and prints, with a lookup of its preopens in every call", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      let stdout = "";
      const plugin = await loadPlugin("/plugins/fixtures/original.wasm", {
        hostFunctions: { run: hostFunction([t.string], t.bytes, () => new Uint8Array()) },
        files: { "notes.txt": "hello", sub: {} },
        stdout: (chunk) => (stdout += chunk),
      });
      const read = plugin.function("read_text", [t.string], t.result(t.string, t.string));
      const write = plugin.function("write_text", [t.string, t.string], t.result(t.unit, t.string));
      const print = plugin.function("print", [t.string], t.unit);
      const texts = new Set<string>();
      for (let round = 0; round < 100; round += 1) {
        const path = ["/notes.txt", "notes.txt", "sub/../notes.txt"][round % 3];
        const outcome = await read(String(path));
        texts.add(outcome.ok ? outcome.value : outcome.error);
      }
      await write("/out.txt", "written");
      await print("one");
      await print("two");
      const missing = await read("/missing.txt");
      return {
        texts: [...texts],
        written: new TextDecoder().decode(await plugin.files.read("/out.txt")),
        missing: !missing.ok && missing.error,
        stdout,
      };
    });
    expect(answer).toEqual({
      texts: ["hello"],
      written: "written",
      missing: expect.stringMatching(/No such file or directory/),
      stdout: "one\ntwo\n",
    });
  });

  test("panics: the error has the message, and the plugin is closed", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { hostFunction, loadPlugin, PluginTrapError, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/fixtures/original.wasm", {
        hostFunctions: { run: hostFunction([t.string], t.bytes, () => new Uint8Array()) },
      });
      const { error } = await window.rejection(
        plugin.function("fail", [t.string], t.unit)("out of milk"),
      );
      const later = await window.rejection(plugin.function("empty", [], t.unit)());
      return [error instanceof PluginTrapError && error.stderr, later.name];
    });
    expect(answer).toEqual([expect.stringContaining("out of milk"), "PluginClosedError"]);
  });

  test("answers after 2,000 calls whose memory it leaked", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/fixtures/original.wasm", {
        hostFunctions: { run: hostFunction([t.string], t.bytes, () => new Uint8Array()) },
        files: { "notes.txt": "hello" },
      });
      const double = plugin.function("double", [t.f64Array], t.f64Array);
      const calls = Array.from({ length: 2000 }, async (_, index) => {
        const doubled = await double(new Float64Array(500).fill(index));
        return doubled.length === 500 && doubled.every((value) => value === 2 * index);
      });
      const right = (await Promise.all(calls)).filter(Boolean).length;
      const read = plugin.function("read_text", [t.string], t.result(t.string, t.string));
      return [right, await read("/notes.txt")];
    });
    expect(answer).toEqual([2000, { ok: true, value: "hello" }]);
  });
});

test.describe("a guest in C", () => {
  test("doubles every number of a list, of any size", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/double-c.wasm");
      const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
      const arrays = plugin.function("double", [t.f64Array], t.f64Array);
      const numbers = Float64Array.from({ length: 1 << 20 }, (_, index) => index);
      const isRight = (await arrays(numbers)).every((value, index) => value === 2 * index);
      return [plugin.functions, await double([1, 2, 3]), await double([]), isRight];
    });
    expect(answer).toEqual([["double"], [2, 4, 6], [], true]);
  });

  test("frees its memory: a hundred calls of a megabyte each fit in 32", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const limits = { memoryBytes: 32 * 1024 * 1024 };
      const plugin = await loadPlugin("/plugins/double-c.wasm", { limits });
      const double = plugin.function("double", [t.f64Array], t.f64Array);
      const numbers = new Float64Array(1 << 17).fill(1.5);
      let right = 0;
      for (let call = 0; call < 100; call += 1) right += Number((await double(numbers))[0] === 3);
      return right;
    });
    expect(answer).toBe(100);
  });

  test("traps with a message when bytes do not fit the type", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, PluginTrapError, t } = window.cloche;
      const failures = [];
      for (const [codec, value] of [
        [t.u64, 2n ** 61n],
        [t.u32, 1],
      ] as const) {
        const plugin = await loadPlugin(await window.withoutSchema("/plugins/double-c.wasm"));
        const double = plugin.function("double", [codec], t.vec(t.f64));
        const { error } = await window.rejection(double(value));
        failures.push(error instanceof PluginTrapError && error.stderr);
      }
      return failures;
    });
    expect(answer).toEqual([
      "Cannot read length: more items than bytes for them\n",
      "Cannot read value: its bytes end early\n",
    ]);
  });

  for (const { blocking, address, details } of BLOCKING_WAYS) {
    test(
      `uses texts, an option, a result, a file, stdout, and a host function by ${blocking}`,
      details,
      async ({ harnessAt }) => {
        const harness = await harnessAt(address);
        const answer = await harness.evaluate(async (blocking) => {
          const { hostFunction, loadPlugin, t } = window.cloche;
          let stdout = "";
          const plugin = await loadPlugin("/plugins/words.wasm", {
            blocking,
            hostFunctions: {
              run: hostFunction([t.string], t.bytes, async (command) => {
                if (command === "fail") throw new Error("refused");
                return new Uint8Array(Number(command));
              }),
            },
            stdout: (chunk) => (stdout += chunk),
          });
          const shout = plugin.function("shout", [t.string, t.u8], t.option(t.string));
          const ask = plugin.function("ask", [t.string], t.u64);
          const count = plugin.function("count_words", [], t.result(t.u32, t.string));
          const missing = await count();
          await plugin.files.write("/words.txt", " one two\nthree ");
          const failed = await window.rejection(ask("fail"));
          return [
            [await shout("hey ä", 2), await shout("", 1), await shout("x", 0)],
            [Number(await ask("100000")), Number(await ask("0"))],
            failed.name,
            [missing, await count()],
            stdout,
          ];
        }, blocking);
        expect(answer).toEqual([
          ["HEY äHEY ä", null, null],
          [100_000, 0],
          "PluginHostFunctionError",
          [
            { ok: false, error: "no words" },
            { ok: true, value: 3 },
          ],
          "3 words\n",
        ]);
      },
    );
  }
});

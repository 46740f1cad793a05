import { BLOCKING_WAYS, expect, PAGE_ONLY, test } from "./harness/test.ts";

test.describe("a command", () => {
  test("returns its exit code, output and files", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const files = { "in.txt": "from the page", out: {} };
      const shown = await window.runTool(["show", "/in.txt"], { files });
      const saved = await window.runTool(["save", "/out/new.txt", "from the guest"], { files });
      const failed = await window.runTool(["show", "/missing"]);
      const out = saved.files["out"] as Record<string, Uint8Array>;
      return [
        [shown.exitCode, shown.stdout, shown.stderr],
        [saved.exitCode, Object.keys(saved.files), new TextDecoder().decode(out["new.txt"])],
        [failed.exitCode, failed.stderr],
      ];
    });
    expect(answer).toEqual([
      [0, "from the page", ""],
      [0, ["in.txt", "out"], "from the guest"],
      [1, "/missing: No such file or directory\n"],
    ]);
  });

  test("may exit with any code without an error", async ({ harness }) => {
    const codes = await harness.evaluate(async () => {
      const runs = ["0", "1", "42", "255"].map((code) => window.runTool(["exit", code]));
      return (await Promise.all(runs)).map(({ exitCode }) => exitCode);
    });
    expect(codes).toEqual([0, 1, 42, 255]);
  });

  test("gets its arguments and environment variables", async ({ harness }) => {
    const answer = await harness.evaluate(async () => [
      (await window.runTool(["env", "PLACE"], { env: { PLACE: "under glass" } })).stdout,
      (await window.runTool(["env", "PLACE"])).stdout,
    ]);
    expect(answer).toEqual(["under glass\n", "(not set)\n"]);
  });

  test("passes its output on at once, and returns all of it at the end, byte for byte", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      let heard = "";
      // A U+FEFF, two characters, what is none, and the start of one.
      const stdin = new Uint8Array([0xef, 0xbb, 0xbf, 104, 105, 0xff, 0xe2]);
      const { stdout, stdoutBytes } = await window.runTool(["cat"], {
        stdin,
        stdout: (chunk) => (heard += chunk),
      });
      return [heard, stdout, [...stdoutBytes], stdin.length];
    });
    const text = "\ufeffhi\ufffd\ufffd";
    const bytes = [0xef, 0xbb, 0xbf, 104, 105, 0xff, 0xe2];
    expect(answer).toEqual([text, text, bytes, bytes.length]);
  });

  test("truncates its output at limits.outputBytes and reports it", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const limits = { outputBytes: 1000 };
      const runs = ["1000", "1001"].map((bytes) => window.runTool(["flood", bytes], { limits }));
      return (await Promise.all(runs)).map(({ stdout, truncated }) => [stdout.length, truncated]);
    });
    expect(answer).toEqual([
      [1000, { stdout: false, stderr: false }],
      [1000, { stdout: true, stderr: false }],
    ]);
  });

  test("rejects with a typed error when it traps or is not a command", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, runCommand } = window.cloche;
      const rejections = await Promise.all([
        window.rejection(window.runTool(["abort"])),
        window.rejection(runCommand("/plugins/double.wasm")),
        window.rejection(loadPlugin("/plugins/tool.wasm")),
      ]);
      return rejections.map(({ name, message }) => `${name}: ${message}`);
    });
    expect(answer[0]).toMatch(/^PluginTrapError: Run of plugin "tool" trapped/);
    expect(answer[1]).toContain('export "_start" is missing (must be () -> ())');
    expect(answer[2]).toContain("it is a command: runCommand runs those");
  });

  test("ends when it times out or its signal aborts", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), 100);
      const rejections = await Promise.all([
        window.rejection(window.runTool(["spin"], { timeoutMs: 100 })),
        window.rejection(window.runTool(["spin"], { limits: { callMs: 100 } })),
        window.rejection(window.runTool(["spin"], { signal: controller.signal })),
      ]);
      return rejections.map(({ name, message }) => [name, message]);
    });
    const timeout = ["PluginTimeoutError", 'Run of plugin "tool" timed out after 100 ms'];
    expect(answer).toEqual([timeout, timeout, ["string", "enough"]]);
  });
});

for (const { blocking, address, details } of BLOCKING_WAYS) {
  test.describe(`a standard input on the page, the guest waiting by ${blocking}`, details, () => {
    test.use({ address });

    test("may be a stream", async ({ harness }) => {
      const stdout = await harness.evaluate(async (blocking) => {
        const stream = new ReadableStream<string | Uint8Array>({
          async start(controller) {
            for (const chunk of ["one\n", "", new TextEncoder().encode("two\n"), "three"]) {
              await new Promise((resolve) => setTimeout(resolve, 10));
              controller.enqueue(chunk);
            }
            controller.close();
          },
        });
        return (await window.runTool(["cat"], { blocking, stdin: stream })).stdout;
      }, blocking);
      expect(stdout).toBe("one\ntwo\nthree");
    });

    test("may be a function, called when the guest needs input, after its prompt was printed", async ({
      harness,
    }) => {
      const answer = await harness.evaluate(async (blocking) => {
        let heard = "";
        const heardWhenAsked: string[] = [];
        const answers = ["Ada\n", "Grace\n", null];
        const { exitCode } = await window.runTool(["greet"], {
          blocking,
          stdout: (chunk) => (heard += chunk),
          stdin: async () => {
            await new Promise((resolve) => setTimeout(resolve, 50));
            heardWhenAsked.push(heard);
            return answers.shift() ?? null;
          },
        });
        return [exitCode, heardWhenAsked, heard];
      }, blocking);
      const first = "name? ";
      const second = `${first}hello Ada\nname? `;
      const third = `${second}hello Grace\nname? `;
      expect(answer).toEqual([0, [first, second, third], `${third}bye\n`]);
    });

    test("may fail: the guest gets a read error, and the run rejects with the cause", async ({
      harness,
    }) => {
      const answer = await harness.evaluate(async (blocking) => {
        const failures: [() => never, () => Promise<never>, () => never] = [
          () => {
            throw new Error("the line went dead");
          },
          () => Promise.reject(new Error("the line went dead")),
          () => 5 as never,
        ];
        return Promise.all(
          failures.map(async (stdin) => {
            const run = window.runTool(["cat"], { blocking, stdin });
            const { name, message, error } = await window.rejection(run);
            return [name, message, (error.cause as Error).message];
          }),
        );
      }, blocking);
      const dead = "the line went dead";
      const wrong = "Invalid options.stdin chunk: 5 (must be text or bytes, or null at the end)";
      expect(answer).toEqual(
        [dead, dead, wrong].map((cause) => [
          "PluginError",
          `Cannot read stdin of plugin "tool": ${cause}`,
          cause,
        ]),
      );
    });

    test("may be any source of chunks, also of another realm", PAGE_ONLY, async ({ harness }) => {
      const answer = await harness.evaluate(async (blocking) => {
        const frame = document.body.appendChild(document.createElement("iframe"));
        const realm = frame.contentWindow as Window & typeof globalThis;
        const stream = new realm.ReadableStream<string | Uint8Array>({
          start(controller) {
            controller.enqueue("one ");
            controller.enqueue(realm.Uint8Array.from([50]));
            controller.close();
          },
        });
        async function* pieces() {
          yield "one ";
          await new Promise((resolve) => setTimeout(resolve, 10));
          yield Uint8Array.from([50]).buffer;
        }
        const sources = [
          stream,
          pieces(),
          ["one ", Uint8Array.from([50])],
          new realm.Blob(["one 2"]),
          realm.Uint8Array.from([111, 110, 101, 32, 50]),
        ];
        const runs = sources.map((stdin) => window.runTool(["cat"], { blocking, stdin }));
        return (await Promise.all(runs)).map(({ stdout }) => stdout);
      }, blocking);
      expect(answer).toEqual(Array(5).fill("one 2"));
    });

    test("may never deliver anything, while the page keeps responding", async ({ harness }) => {
      const answer = await harness.evaluate(async (blocking) => {
        const ended = window.rejection(
          window.runTool(["cat"], { blocking, stdin: () => "", timeoutMs: 300 }),
        );
        let ticks = 0;
        const ticking = setInterval(() => ticks++, 10);
        const { name } = await ended;
        clearInterval(ticking);
        return [name, ticks > 5];
      }, blocking);
      expect(answer).toEqual(["PluginTimeoutError", true]);
    });

    test("may be a stream that several commands read one after the other", async ({ harness }) => {
      const answer = await harness.evaluate(async (blocking) => {
        const stream = new ReadableStream<string>({
          start(controller) {
            controller.enqueue("for the second");
            controller.close();
          },
        });
        const { exitCode } = await window.runTool(["exit", "3"], { blocking, stdin: stream });
        const failed = window.cloche.runCommand(new Uint8Array(8), { blocking, stdin: stream });
        await window.rejection(failed);
        return [exitCode, (await window.runTool(["cat"], { blocking, stdin: stream })).stdout];
      }, blocking);
      expect(answer).toEqual([3, "for the second"]);
    });

    test("is also read by a plugin", async ({ harness }) => {
      const lines = await harness.evaluate(async (blocking) => {
        const { t } = window.cloche;
        const answers = ["first\n", "second\n"];
        const plugin = await window.loadEverything({
          blocking,
          stdin: () => answers.shift() ?? null,
        });
        const read = plugin.function("read_line", [], t.result(t.option(t.string), t.string));
        return [await read(), await read(), await read()];
      }, blocking);
      expect(lines).toEqual([
        { ok: true, value: "first" },
        { ok: true, value: "second" },
        { ok: true, value: null },
      ]);
    });
  });
}

test("a run with a fixed clock and seed is repeatable, and its sleeps return at once", async ({
  harness,
}) => {
  const answer = await harness.evaluate(async () => {
    const clock = { startMs: 1_000_000_000_000, stepNs: 1000 };
    const started = performance.now();
    const runs = await Promise.all(
      [7, 7, 8].map((seed) => window.runTool(["world"], { clock, random: { seed } })),
    );
    const elapsedMs = performance.now() - started;
    const real = await window.runTool(["world"]);
    return { outputs: runs.map(({ stdout }) => stdout), elapsedMs, real: real.stdout };
  });
  const [first, second, third] = answer.outputs;
  expect(first).toMatch(/^1000000000\.00000\d+ 1000000001\.00000\d+ [0-9a-f]{8}\n$/);
  expect(second).toBe(first);
  expect(third?.split(" ").slice(0, 2)).toEqual(first?.split(" ").slice(0, 2));
  expect(third).not.toBe(first);
  expect(answer.real).not.toBe(first);
});

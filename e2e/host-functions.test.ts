import {
  BLOCKING_WAYS,
  expect,
  JSPI_ON_PAGES,
  openHarness,
  PAGE_ONLY,
  PLAIN,
  PLAYWRIGHT,
  test,
} from "./harness/test.ts";

for (const { blocking, address, details } of BLOCKING_WAYS) {
  test.describe(`host functions, the guest waiting by ${blocking}`, details, () => {
    test.use({ address });

    test("take the guest's values and return results, synchronously or not", async ({
      harness,
    }) => {
      const answer = await harness.evaluate(async (blocking) => {
        const { hostFunction, t } = window.cloche;
        let notes = 0;
        const plugin = await window.loadEverything({
          blocking,
          hostFunctions: {
            run: hostFunction([t.string], t.bytes, async (command) => {
              await new Promise((resolve) => setTimeout(resolve, 10));
              return new TextEncoder().encode(`ran ${command}`);
            }),
            note: hostFunction([], t.unit, () => void (notes += 1)),
          },
        });
        const run = plugin.function("call_run", [t.string], t.bytes);
        const sum = plugin.function("sum_through_host", [t.vec(t.i32)], t.i32);
        const numbers = Array.from({ length: 500 }, (_, index) => index);
        await plugin.function("call_note", [], t.unit)();
        return [new TextDecoder().decode(await run("ls 🔔")), await sum(numbers), notes];
      }, blocking);
      expect(answer).toEqual(["ran ls 🔔", 124_750, 1]);
    });

    test("return results of many megabytes", async ({ harness }) => {
      const answer = await harness.evaluate(async (blocking) => {
        const { hostFunction, t } = window.cloche;
        const plugin = await window.loadEverything({
          blocking,
          hostFunctions: {
            run: hostFunction([t.string], t.bytes, (command) =>
              new Uint8Array(Number(command)).fill(7),
            ),
          },
        });
        const run = plugin.function("call_run", [t.string], t.bytes);
        const sizes = [0, 1, 65_535, 65_536, 65_537, 5_000_000, 10];
        const answers = [];
        for (const size of sizes) {
          const bytes = await run(String(size));
          answers.push(bytes.length === size && bytes.every((byte) => byte === 7));
        }
        return answers;
      }, blocking);
      expect(answer).toEqual([true, true, true, true, true, true, true]);
    });

    test("that throw, reject or return a wrong type fail only their call, with the cause", async ({
      harness,
    }) => {
      const answer = await harness.evaluate(async (blocking) => {
        const { hostFunction, PluginHostFunctionError, t } = window.cloche;
        const answers = [
          () => {
            throw new RangeError("thrown");
          },
          () => Promise.reject(new Error("rejected")),
          () => "a string" as unknown as Uint8Array,
          () => {
            // oxlint-disable-next-line no-throw-literal -- a page may throw anything
            throw "not an error";
          },
          () => new Uint8Array([1]),
        ];
        let calls = 0;
        const plugin = await window.loadEverything({
          blocking,
          hostFunctions: {
            run: hostFunction([t.string], t.bytes, () => answers[calls++]?.() ?? new Uint8Array()),
          },
        });
        const run = plugin.function("call_run", [t.string], t.bytes);
        const results: unknown[] = [];
        for (let index = 0; index < answers.length; index++) {
          await run("x").then(
            (bytes) => results.push([...bytes]),
            (error: unknown) => {
              if (!(error instanceof PluginHostFunctionError)) throw error;
              const { cause } = error;
              results.push([
                error.functionName,
                cause instanceof Error ? cause.name : cause,
                error.message.includes(cause instanceof Error ? cause.message : String(cause)),
              ]);
            },
          );
        }
        const sum = plugin.function("sum_through_host", [t.vec(t.i32)], t.i32);
        return [...results, await sum([1, 2, 3])];
      }, blocking);
      expect(answer).toEqual([
        ["run", "RangeError", true],
        ["run", "Error", true],
        ["run", "CodecError", true],
        ["run", "not an error", true],
        [1],
        6,
      ]);
    });

    test("that fail a thousand times do not use up the guest's shadow stack", async ({
      harness,
    }) => {
      const answer = await harness.evaluate(async (blocking) => {
        const { hostFunction, t } = window.cloche;
        let isFailing = true;
        const plugin = await window.loadEverything({
          blocking,
          hostFunctions: {
            run: hostFunction([t.string], t.bytes, () => {
              if (isFailing) throw new Error("no");
              return new Uint8Array([9]);
            }),
          },
        });
        const run = plugin.function("call_run", [t.string], t.bytes);
        const failures = await Promise.all(
          Array.from({ length: 1000 }, () =>
            run("x").catch((error: unknown) => (error as Error).name),
          ),
        );
        isFailing = false;
        return [[...new Set(failures)], [...(await run("x"))]];
      }, blocking);
      expect(answer).toEqual([["PluginHostFunctionError"], [9]]);
    });

    test("get a signal that aborts with the reason when their call is over", async ({
      harness,
    }) => {
      const answer = await harness.evaluate(async (blocking) => {
        const { hostFunction, t } = window.cloche;
        const ends = {
          timeout: () => ({ timeoutMs: 100 }),
          abort: () => ({ signal: AbortSignal.timeout(100) }),
          terminate: () => ({}),
        };
        const answers = [];
        for (const [end, options] of Object.entries(ends)) {
          const heard = Promise.withResolvers<unknown>();
          const plugin = await window.loadEverything({
            blocking,
            name: "slow",
            hostFunctions: {
              run: hostFunction([t.string], t.bytes, (command, { signal, pluginName }) => {
                signal.addEventListener("abort", () =>
                  heard.resolve([command, pluginName, (signal.reason as Error).name]),
                );
                if (command === "terminate") setTimeout(() => plugin.terminate(), 50);
                return new Promise<never>(() => {});
              }),
            },
          });
          const run = plugin.function("call_run", [t.string], t.bytes).with(options());
          const { name } = await window.rejection(run(end));
          answers.push([name, await heard.promise]);
        }
        return answers;
      }, blocking);
      expect(answer).toEqual([
        ["PluginTimeoutError", ["timeout", "slow", "PluginTimeoutError"]],
        ["TimeoutError", ["abort", "slow", "TimeoutError"]],
        ["PluginClosedError", ["terminate", "slow", "PluginClosedError"]],
      ]);
    });

    test("that never settle end when the call times out", async ({ harness }) => {
      const answer = await harness.evaluate(async (blocking) => {
        const { hostFunction, t } = window.cloche;
        const plugin = await window.loadEverything({
          blocking,
          hostFunctions: {
            run: hostFunction([t.string], t.bytes, () => new Promise<Uint8Array>(() => {})),
          },
        });
        const run = plugin.function("call_run", [t.string], t.bytes);
        return run
          .with({ timeoutMs: 100 })("x")
          .catch((error: unknown) => (error as Error).name);
      }, blocking);
      expect(answer).toBe("PluginTimeoutError");
    });
  });
}

test.describe("a plugin that needs the page", () => {
  test("for host functions or standard input does not load where nothing lets a guest wait, and is told what is missing", {
    tag: [PAGE_ONLY.tag, PLAYWRIGHT.tag],
  }, async ({ page }) => {
    await page.addInitScript(() => {
      Reflect.deleteProperty(WebAssembly, "Suspending");
    });
    await openHarness(page, PLAIN);
    const messages = await page.evaluate(async () => {
      const { loadPlugin, PluginLoadError } = window.cloche;
      const loads = [
        window.loadEverything(),
        loadPlugin("/plugins/double.wasm", { stdin: new ReadableStream() }),
      ];
      const errors = await Promise.all(loads.map(window.rejection));
      return errors.map(({ error, message }) => error instanceof PluginLoadError && message);
    });
    expect(messages).toHaveLength(2);
    for (const message of messages) {
      expect(message).toContain("waiting for its host functions or its stdin needs JSPI");
      expect(message).toContain("JSPI (WebAssembly.Suspending), which this browser does not have");
      expect(message).toContain("Cross-Origin-Embedder-Policy: require-corp");
    }
  });

  test(
    "may read its files from a host function while the guest is suspended",
    JSPI_ON_PAGES,
    async ({ harness }) => {
      const answer = await harness.evaluate(async () => {
        const { hostFunction, t } = window.cloche;
        const plugin = await window.loadEverything({
          blocking: "jspi",
          files: { "notes.txt": "hello" },
          hostFunctions: {
            run: hostFunction(
              [t.string],
              t.bytes,
              (path): Promise<Uint8Array> => plugin.files.read(path),
            ),
          },
        });
        const run = plugin.function("call_run", [t.string], t.bytes);
        return new TextDecoder().decode(await run("/notes.txt"));
      });
      expect(answer).toBe("hello");
    },
  );
});

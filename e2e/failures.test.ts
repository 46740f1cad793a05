import { expect, test } from "./harness/test.ts";

test.describe("a guest that fails", () => {
  test("by a trap rejects its call with the guest's stack and is closed", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { PluginTrapError, t } = window.cloche;
      const plugin = await window.loadEverything();
      const trap = plugin.function("trap", [], t.unit);
      const count = plugin.function("count", [], t.u32);
      const [first, queued] = await Promise.all([
        window.rejection(trap()),
        window.rejection(count()),
      ]);
      const later = await window.rejection(count());
      const reason = await plugin.closed;
      const trapped = first.error as InstanceType<typeof PluginTrapError>;
      return {
        isTrap: trapped instanceof PluginTrapError,
        plugin: trapped.pluginName,
        message: first.message,
        hasStack: /wasm/.test(trapped.guestStack),
        queued: [queued.name, (queued.error.cause as Error).name],
        later: later.name,
        isReason: reason.kind === "failed" && reason.error === trapped,
      };
    });
    expect(answer).toEqual({
      isTrap: true,
      plugin: "everything",
      message: expect.stringMatching(
        /^Call "trap" of plugin "everything" trapped: [^(\n]*unreachable[^(\n]*$/i,
      ),
      hasStack: true,
      queued: ["PluginClosedError", "PluginTrapError"],
      later: "PluginClosedError",
      isReason: true,
    });
  });

  test("by a panic writes its message to stderr and into the error", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { PluginTrapError, t } = window.cloche;
      let stderr = "";
      const plugin = await window.loadEverything({ stderr: (chunk) => (stderr += chunk) });
      const { error, message } = await window.rejection(
        plugin.function("panic_with", [t.string], t.unit)("the glass is cracked"),
      );
      const inError = error instanceof PluginTrapError ? error.stderr : "";
      return [stderr, inError, message].map((text) => text.includes("the glass is cracked"));
    });
    expect(answer).toEqual([true, true, true]);
  });

  test("by a panic has its message in the error without a listener on stderr", async ({
    harness,
  }) => {
    const message = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      const panic = plugin.function("panic_with", [t.string], t.unit);
      return (await window.rejection(panic("unheard"))).message;
    });
    expect(message).toContain("unheard");
  });

  test("by an exit rejects its call with the code", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { PluginExitError, t } = window.cloche;
      const plugin = await window.loadEverything();
      const { error, message } = await window.rejection(
        plugin.function("exit_with", [t.i32], t.unit)(3),
      );
      return [error instanceof PluginExitError && error.exitCode, message];
    });
    expect(answer).toEqual([3, 'Call "exit_with" of plugin "everything" exited with code 3']);
  });

  test("by overflowing its stack traps", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { t } = window.cloche;
      const plugin = await window.loadEverything();
      return (await window.rejection(plugin.function("overflow_stack", [], t.u64)())).name;
    });
    expect(answer).toBe("PluginTrapError");
  });
});

test.describe("a mistake of the page", () => {
  test("in the name of a function is reported at once, with a list of the existing ones", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, PluginLinkError, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/double.wasm");
      const messages = [];
      for (const name of ["dubble", "__double", "alloc_buffer", "constructor"]) {
        try {
          plugin.function(name, [], t.unit);
        } catch (error) {
          messages.push(error instanceof PluginLinkError ? error.message : "wrong class");
        }
      }
      return messages;
    });
    expect(answer).toEqual([
      'Cannot find function "dubble" of plugin "double": it has no export "__dubble" of type (i64) -> i64; it exports double',
      'Cannot find function "__double" of plugin "double": it has no export "____double" of type (i64) -> i64 (give the name without the underscores); it exports double',
      'Cannot find function "alloc_buffer" of plugin "double": it has no export "__alloc_buffer" of type (i64) -> i64; it exports double',
      'Cannot find function "constructor" of plugin "double": it has no export "__constructor" of type (i64) -> i64; it exports double',
    ]);
  });

  test("in the type of a value is a CodecError, and the guest is not called", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { CodecError, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/double.wasm");
      const double = plugin.function("double", [t.vec(t.f64)], t.vec(t.f64));
      const { error } = await window.rejection(double([1, "two" as unknown as number]));
      if (!(error instanceof CodecError)) throw error;
      return [error.path, error.message, await double([2])];
    });
    expect(answer[0]).toContain("[1]");
    expect(answer[1]).toContain('"two"');
    expect(answer[2]).toEqual([4]);
  });

  test("in the type of a result is a CodecError, and the plugin keeps running", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(await window.withoutSchema("/plugins/double.wasm"));
      const asTexts = plugin.function("double", [t.vec(t.f64)], t.vec(t.string));
      const { name } = await window.rejection(asTexts([1e300]));
      return [name, await plugin.function("double", [t.vec(t.f64)], t.vec(t.f64))([2])];
    });
    expect(answer).toEqual(["CodecError", [4]]);
  });

  test("in the name of a limit is a TypeError", async ({ harness }) => {
    const answer = await harness.evaluate(() => {
      const limits = { fileByte: 1 } as object;
      return window.rejection(window.cloche.loadPlugin("/plugins/double.wasm", { limits }));
    });
    expect(answer.name).toBe("TypeError");
    expect(answer.message).toBe(
      'Invalid options.limits.fileByte: unknown name (did you mean "fileBytes"?)',
    );
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./examples/examples.ts";
import { ALLOC, FREE, guestWithNames, MEMORY } from "./harness/hand-made-guest.ts";
import { EPOCH, expect, test } from "./harness/test.ts";

const READ =
  "_ZN66_$LT$probe..shelf..Book$LT$T$GT$$u20$as$u20$probe..shelf..Read$GT$4read28_$u7b$$u7b$closure$u7d$$u7d$17h2c6d67b82a368ab3E";

/** Functions that call each other, with names as compilers write them. */
const NESTED = guestWithNames(
  "(table 1 funcref)",
  "(elem (i32.const 0) $data::parse)",
  MEMORY,
  ALLOC,
  FREE,
  "(func $_ZN5probe4fail17hd3415531b546d64fE unreachable)",
  `(func $${READ} (call $_ZN5probe4fail17hd3415531b546d64fE))`,
  `(func $_RINvCs1VQLGaR7mhK_5probe7genericKj2_lE (call $${READ}))`,
  "(func $data::parse (call $_RINvCs1VQLGaR7mhK_5probe7genericKj2_lE))",
  '(func (export "__go") (param i64) (result i64) (call_indirect (i32.const 0)) (local.get 0))',
);

/** Calls itself 40 times before it traps. */
const DEEP = guestWithNames(
  MEMORY,
  ALLOC,
  FREE,
  "(func $down (param i32) (if (i32.eqz (local.get 0)) (then unreachable)) (call $down (i32.sub (local.get 0) (i32.const 1))))",
  '(func (export "__go") (param i64) (result i64) (call $down (i32.const 40)) (local.get 0))',
);

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
        hasStack: /^at function \d+$/m.test(trapped.guestStack),
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

  test("by a trap tells where, with names from the name section", async ({ harness }) => {
    const frames = await harness.evaluate(async (bytes) => {
      const { loadPlugin, PluginTrapError, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes));
      const { error } = await window.rejection(plugin.function("go", [], t.unit)());
      if (!(error instanceof PluginTrapError)) throw error;
      return [error.frames, error.guestStack];
    }, NESTED);
    expect(frames).toEqual([
      [
        { functionIndex: 2, name: "probe::fail" },
        {
          functionIndex: 3,
          name: "<probe::shelf::Book<T> as probe::shelf::Read>::read::{{closure}}",
        },
        { functionIndex: 4, name: "probe::generic::<2, i32>" },
        { functionIndex: 5, name: "data::parse" },
        { functionIndex: 6, name: undefined },
      ],
      "at probe::fail (function 2)\n" +
        "at <probe::shelf::Book<T> as probe::shelf::Read>::read::{{closure}} (function 3)\n" +
        "at probe::generic::<2, i32> (function 4)\n" +
        "at data::parse (function 5)\n" +
        "at function 6",
    ]);
  });

  test(
    "by a trap tells its line in the source, in each form of interruption",
    EPOCH,
    async ({ harness }) => {
      const map = join(ROOT, "public/plugins/fixtures/lines-assemblyscript.wasm.map");
      const stacks = await harness.evaluate(
        async (sourceMap) => {
          const { loadPlugin, PluginTrapError, runCommand } = window.cloche;
          const address = (language: string) => `/plugins/fixtures/lines-${language}.wasm`;
          const stackOf = async (trapping: Promise<unknown>) => {
            const { error } = await window.rejection(trapping);
            if (!(error instanceof PluginTrapError)) throw error;
            return error.guestStack.split("\n").filter((line) => line.includes(":"));
          };
          const stacks = [];
          for (const interruption of ["terminate", "fuel", "epoch"] as const) {
            const c = await loadPlugin(address("c"), { interruption });
            const again = await loadPlugin(address("c"), { interruption });
            const options = { interruption, sourceMap };
            const assemblyscript = await loadPlugin(address("assemblyscript"), options);
            stacks.push(
              await Promise.all([
                stackOf(c.function("trap")(3)),
                stackOf(again.function("trap")(3)),
                stackOf(assemblyscript.function("trap")(3)),
                stackOf(runCommand(address("rust"), { interruption })),
              ]),
            );
          }
          return stacks;
        },
        readFileSync(map, "utf8"),
      );
      const core = "/usr/src/rustc-1.63.0/library/core/src/../../stdarch/crates/core_arch/src";
      const c = [
        "at fall (examples/lines-fall.c:6:5)",
        "at descend (examples/lines.c:13:5)",
        "at plugin_export_trap (examples/lines.c:19:3)",
      ];
      const lines = [
        c,
        c,
        [
          "at examples/lines/fall (examples/lines.ts:14:7)",
          "at examples/lines/trap (examples/lines.ts:22:10)",
          "at ~cloche/__trap (~cloche.ts:10:18)",
        ],
        [
          `at lines::cellar::has_floor (${core}/wasm32/mod.rs:25:5)`,
          "at _start (src/lib.rs:16:11)",
        ],
      ];
      expect(stacks).toEqual([lines, lines, lines]);
    },
  );

  test("by a panic deep below leaves room for its callers", async ({ harness }) => {
    const count = await harness.evaluate(async (bytes) => {
      const { loadPlugin, PluginTrapError, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes));
      const { error } = await window.rejection(plugin.function("go", [], t.unit)());
      return error instanceof PluginTrapError ? error.frames.length : error.name;
    }, DEEP);
    expect(count).toBe(42);
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

// WebKit would validate it for minutes.
test("a module of a hundred thousand sections is refused without asking the engine", async ({
  harness,
}) => {
  const message = await harness.evaluate(async () => {
    const sections = Array.from({ length: 100_000 }, () => [0, 1, 0]).flat();
    const module = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0].concat(sections));
    return (await window.rejection(window.cloche.loadPlugin(module))).message;
  });
  expect(message).toBe(
    'Cannot compile plugin "plugin": Cannot read module: more than 10000 sections at byte 30008',
  );
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
      const bare = double as (...args: unknown[]) => Promise<unknown>;
      const missing = (await window.rejection(bare())).message;
      return [error.path, error.message, missing, await double([2])];
    });
    expect(answer).toEqual([
      "$[0][1]",
      'Call "double" of plugin "double": Cannot encode $[0][1]: string "two" is not f64 (a number)',
      'Call "double" of plugin "double": 0 arguments given (must be 1: vec<f64>)',
      [4],
    ]);
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

import { ALLOC, FREE, guest, MEMORY } from "./harness/hand-made-guest.ts";
import { BLOCKING_WAYS, expect, test } from "./harness/test.ts";

test.describe("a guest assembled by hand starts", () => {
  test("with _initialize once, and never with _start", async ({ harness }) => {
    const bytes = guest(
      MEMORY,
      ALLOC,
      FREE,
      `(func (export "_initialize")
        (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1))))`,
      '(func (export "_start") unreachable)',
      '(func (export "__starts") (param i64) (result i64) (i64.const 0x00000010_00000004))',
    );
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes));
      const starts = plugin.function("starts", [], t.u32);
      return [await starts(), await starts(), plugin.functions];
    }, bytes);
    expect(answer).toEqual([1, 1, ["starts"]]);
  });

  test("and exits there", async ({ harness }) => {
    const bytes = guest(
      '(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))',
      MEMORY,
      ALLOC,
      FREE,
      '(func (export "_initialize") (call $exit (i32.const 3)))',
    );
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, PluginExitError } = window.cloche;
      const { error } = await window.rejection(loadPlugin(new Uint8Array(bytes)));
      return error instanceof PluginExitError && [error.exitCode, error.message];
    }, bytes);
    expect(answer).toEqual([3, 'Start of plugin "plugin" exited with code 3']);
  });

  test("and spins there until limits.loadMs ends it", async ({ harness }) => {
    const parts = [MEMORY, ALLOC, FREE];
    const modules = [
      guest(...parts, "(func $spin (loop (br 0)))", "(start $spin)"),
      guest(...parts, '(func (export "_initialize") (loop (br 0)))'),
    ];
    const answer = await harness.evaluate(async (modules) => {
      const { loadPlugin, PluginLimitError } = window.cloche;
      const failures = [];
      for (const bytes of modules) {
        const { error, message } = await window.rejection(
          loadPlugin(new Uint8Array(bytes), { limits: { loadMs: 500 } }),
        );
        failures.push(error instanceof PluginLimitError && [error.limit, message]);
      }
      return failures;
    }, modules);
    const failure = ["loadMs", 'Plugin "plugin" did not start within 500 ms (limits.loadMs)'];
    expect(answer).toEqual([failure, failure]);
  });

  for (const { blocking, address, details } of BLOCKING_WAYS) {
    test(
      `and calls the host in _initialize, which answers by ${blocking}`,
      details,
      async ({ harnessAt }) => {
        const bytes = guest(
          '(import "env" "__note" (func $note (param i64) (result i64)))',
          MEMORY,
          ALLOC,
          FREE,
          "(global $answer (mut i64) (i64.const 0))",
          '(func (export "_initialize") (global.set $answer (call $note (i64.const 0))))',
          '(func (export "__answer") (param i64) (result i64) (global.get $answer))',
        );
        const harness = await harnessAt(address);
        const answer = await harness.evaluate(
          async ({ bytes, blocking }) => {
            const { hostFunction, loadPlugin, t } = window.cloche;
            const plugin = await loadPlugin(new Uint8Array(bytes), {
              blocking,
              hostFunctions: { note: hostFunction([], t.string, async () => "noted") },
            });
            return plugin.function("answer", [], t.string)();
          },
          { bytes, blocking },
        );
        expect(answer).toBe("noted");
      },
    );

    test(
      `and calls the host in its start section by ${blocking}, which is too early for a compiled module`,
      details,
      async ({ harnessAt }) => {
        const bytes = guest(
          '(import "env" "__note" (func $note (param i64) (result i64)))',
          MEMORY,
          ALLOC,
          FREE,
          "(global $answer (mut i64) (i64.const 0))",
          "(func $early (global.set $answer (call $note (i64.const 0))))",
          "(start $early)",
          '(func (export "__answer") (param i64) (result i64) (global.get $answer))',
        );
        const harness = await harnessAt(address);
        const answers = await harness.evaluate(
          async ({ bytes, blocking }) => {
            const { hostFunction, loadPlugin, t } = window.cloche;
            const hostFunctions = { note: hostFunction([], t.string, async () => "noted") };
            const plugin = await loadPlugin(new Uint8Array(bytes), { blocking, hostFunctions });
            const module = await WebAssembly.compile(new Uint8Array(bytes));
            const { name, message } = await window.rejection(
              loadPlugin(module, { blocking, hostFunctions }),
            );
            return [await plugin.function("answer", [], t.string)(), name, message];
          },
          { bytes, blocking },
        );
        expect(answers[0]).toBe("noted");
        // Of a compiled module the engine runs the start section itself. Under JSPI it refuses before the
        // host is asked.
        expect(answers.slice(1)).toEqual(
          blocking === "jspi"
            ? ["PluginTrapError", expect.stringMatching(/^Start of plugin "plugin" trapped/)]
            : [
                "PluginLinkError",
                'Cannot call host function "note" of plugin "plugin" in the module\'s start function: its exports are not available yet',
              ],
        );
      },
    );
  }

  test("and calls WASI in its start section, which has no memory yet in a compiled module", async ({
    harness,
  }) => {
    const bytes = guest(
      '(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))',
      '(import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))',
      MEMORY,
      ALLOC,
      FREE,
      `(func $early
        (i32.store (i32.const 16) (call $random (i32.const 32) (i32.const 4)))
        (i32.store (i32.const 20) (call $yield)))`,
      "(start $early)",
      '(func (export "__errno") (param i64) (result i64) (i64.const 0x00000010_00000008))',
    );
    const answers = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const binary = new Uint8Array(bytes);
      const answers = [];
      for (const source of [binary, await WebAssembly.compile(binary)]) {
        const plugin = await loadPlugin(source);
        answers.push(await plugin.function("errno", [], t.array(t.u32, 2))());
      }
      return answers;
    }, bytes);
    const efault = 21;
    expect(answers).toEqual([
      [0, 0],
      [efault, 0],
    ]);
  });
});

import { ALLOC, ECHO, FREE, guest, MEMORY, quoted } from "./harness/hand-made-guest.ts";
import { BLOCKING_WAYS, expect, test } from "./harness/test.ts";

test.describe("a guest assembled by hand", () => {
  test("may give an empty buffer any pointer, in both directions", async ({ harness }) => {
    const bytes = guest(
      MEMORY,
      FREE,
      '(func (export "__alloc_buffer") (param i32) (result i32) (i32.const -1))',
      '(func (export "__wild") (param i64) (result i64) (i64.const 0xffffffff_00000000))',
      '(func (export "__given") (param i64) (result i64) (local.get 0))',
    );
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes));
      return Promise.all(
        ["wild", "given"].map((name) => plugin.function(name, [], t.unit)().then(String)),
      );
    }, bytes);
    expect(answer).toEqual(["undefined", "undefined"]);
  });

  for (const { blocking, address, details } of BLOCKING_WAYS) {
    test(
      `may grow its memory for every buffer, those of host calls by ${blocking} too`,
      details,
      async ({ harnessAt }) => {
        const bytes = guest(
          '(import "env" "__run" (func $run (param i64) (result i64)))',
          MEMORY,
          FREE,
          `(func (export "__alloc_buffer") (param i32) (result i32)
          (i32.mul (i32.const 65536)
            (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get 0) (i32.const 65536))))))`,
          ECHO,
          '(func (export "__ask") (param i64) (result i64) (call $run (local.get 0)))',
        );
        const harness = await harnessAt(address);
        const answer = await harness.evaluate(
          async ({ bytes, blocking }) => {
            const { hostFunction, loadPlugin, t } = window.cloche;
            const plugin = await loadPlugin(new Uint8Array(bytes), {
              blocking,
              hostFunctions: {
                run: hostFunction([t.bytes], t.bytes, (sent) => sent.map((byte) => byte + 1)),
              },
            });
            const echo = plugin.function("echo", [t.bytes], t.bytes);
            const ask = plugin.function("ask", [t.bytes], t.bytes);
            const sizes = [1, 65_527, 65_528, 65_529, 1_000_000, 0, 3];
            return Promise.all(
              sizes.map(async (size) => {
                const [echoed, asked] = [
                  await echo(new Uint8Array(size).fill(7)),
                  await ask(new Uint8Array(size).fill(7)),
                ];
                return [
                  echoed.length === size && echoed.every((byte) => byte === 7),
                  asked.length === size && asked.every((byte) => byte === 8),
                ];
              }),
            );
          },
          { bytes, blocking },
        );
        expect(answer).toEqual(Array.from({ length: 7 }, () => [true, true]));
      },
    );
  }

  test("whose memory has reached its maximum fails with the pointer of its allocator", async ({
    harness,
  }) => {
    const bytes = guest(
      '(memory (export "memory") 1 2)',
      FREE,
      `(func (export "__alloc_buffer") (param i32) (result i32)
        (i32.mul (i32.const 65536) (memory.grow (i32.const 1))))`,
      ECHO,
    );
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes));
      const echo = plugin.function("echo", [t.u32], t.u32);
      const first = await echo(7);
      const { name, message } = await window.rejection(echo(8));
      return [first, name, message, (await plugin.closed).kind];
    }, bytes);
    expect(answer).toEqual([
      7,
      "PluginTrapError",
      'Invalid buffer of plugin "plugin": __alloc_buffer returned bytes 4294901760 to 4294901764 of a memory of 131072',
      "failed",
    ]);
  });

  test("has each result freed exactly once, by the value it returned", async ({ harness }) => {
    const bytes = guest(
      MEMORY,
      ALLOC,
      "(global $freed (mut i64) (i64.const 0))",
      "(global $last (mut i64) (i64.const 0))",
      `(func (export "__free_buffer") (param i64)
        (global.set $freed (i64.add (global.get $freed) (i64.const 1)))
        (global.set $last (local.get 0)))`,
      `(func $u64 (param i64) (result i64)
        (i64.store (i32.const 16) (local.get 0)) (i64.const 0x00000010_00000008))`,
      '(func (export "__wild") (param i64) (result i64) (i64.const 0xdeadbeef_00000000))',
      '(func (export "__freed") (param i64) (result i64) (call $u64 (global.get $freed)))',
      '(func (export "__last") (param i64) (result i64) (call $u64 (global.get $last)))',
    );
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes));
      const call = (name: string) => plugin.function(name, [], t.u64)().then(String);
      const before = await call("freed");
      await plugin.function("wild", [], t.unit)();
      const wild = BigInt(await call("last")).toString(16);
      const wrong = await window.rejection(plugin.function("freed", [], t.string)());
      return [before, wild, wrong.name, await call("freed")];
    }, bytes);
    expect(answer).toEqual(["0", "deadbeef00000000", "CodecError", "4"]);
  });

  test("may use names of JavaScript's built-ins for its functions", async ({ harness }) => {
    const names = [
      "then",
      "__proto__",
      "proto__",
      "constructor",
      "toString",
      "call",
      "_",
      "größe ⌖",
    ];
    const bytes = guest(
      MEMORY,
      ALLOC,
      FREE,
      '(data (i32.const 16) "\\00\\01\\02\\03\\04\\05\\06\\07")',
      '(func (export "__") (param i64) (result i64) (i64.const 0))',
      ...names.map(
        (name, index) =>
          `(func (export ${quoted(`__${name}`)}) (param i64) (result i64) (i64.const 0x000000${(16 + index).toString(16)}_00000001))`,
      ),
    );
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes));
      const answers = [];
      for (const name of plugin.functions) answers.push(await plugin.function(name, [], t.u8)());
      return [plugin.functions, answers];
    }, bytes);
    expect(answer).toEqual([names, [0, 1, 2, 3, 4, 5, 6, 7]]);
  });

  for (const { blocking, address, details } of BLOCKING_WAYS) {
    test(`may name its imports so too, answered by ${blocking}`, details, async ({ harnessAt }) => {
      const names = ["then", "__proto__", "constructor", "toString"];
      const bytes = guest(
        ...names.map(
          (name, index) =>
            `(import "env" "__${name}" (func $host${index} (param i64) (result i64)))`,
        ),
        MEMORY,
        ALLOC,
        FREE,
        ...names.map(
          (name, index) =>
            `(func (export "__${name}") (param i64) (result i64) (call $host${index} (local.get 0)))`,
        ),
      );
      const harness = await harnessAt(address);
      const answer = await harness.evaluate(
        async ({ bytes, blocking, names }) => {
          const { hostFunction, loadPlugin, t } = window.cloche;
          const missing = await window.rejection(loadPlugin(new Uint8Array(bytes), { blocking }));
          const hostFunctions = Object.fromEntries(
            names.map((name, index) => [name, hostFunction([t.u8], t.u8, (sent) => sent + index)]),
          );
          const plugin = await loadPlugin(new Uint8Array(bytes), { blocking, hostFunctions });
          const answers = [];
          for (const name of names) {
            answers.push(await plugin.function(name, [t.u8], t.u8)(10));
          }
          return {
            missing: names.filter((name) => missing.message.includes(`lacks "${name}"`)),
            name: missing.name,
            answers,
          };
        },
        { bytes, blocking, names },
      );
      expect(answer).toEqual({
        missing: names,
        name: "PluginLinkError",
        answers: [10, 11, 12, 13],
      });
    });
  }

  test("has only functions of the ABI's type listed", async ({ harness }) => {
    const bytes = guest(
      MEMORY,
      ALLOC,
      FREE,
      ECHO,
      '(func (export "__double") (param i64 i64) (result i64) (i64.const 0))',
      '(func (export "__narrow") (param i32) (result i64) (i64.const 0))',
      '(func (export "__silent") (param i64))',
      '(func (export "__pair") (param i64) (result i64 i64) (i64.const 0) (i64.const 0))',
      '(func (export "double") (param i64) (result i64) (i64.const 0))',
      '(func (export "_single") (param i64) (result i64) (i64.const 0))',
      '(global (export "__heap_base") i32 (i32.const 1024))',
      '(table (export "__indirect_function_table") 1 funcref)',
    );
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, PluginLinkError, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes));
      try {
        plugin.function("double", [], t.unit);
      } catch (error) {
        return [plugin.functions, error instanceof PluginLinkError && error.message];
      }
      return [];
    }, bytes);
    expect(answer).toEqual([
      ["echo"],
      'Cannot find function "double" of plugin "plugin": it has no export "__double" of type (i64) -> i64; it exports echo',
    ]);
  });

  test("may have shared memory if that is allowed, and WASI works in it", async ({ harness }) => {
    const wasi = (name: string, type: string) =>
      `(import "wasi_snapshot_preview1" "${name}" (func $${name} ${type} (result i32)))`;
    const bytes = guest(
      wasi("fd_write", "(param i32 i32 i32 i32)"),
      wasi("random_get", "(param i32 i32)"),
      wasi("path_create_directory", "(param i32 i32 i32)"),
      wasi("environ_get", "(param i32 i32)"),
      wasi("fd_prestat_dir_name", "(param i32 i32 i32)"),
      '(memory (export "memory") 1 2 shared)',
      ALLOC,
      FREE,
      ECHO,
      '(data (i32.const 0) "\\08\\00\\00\\00\\03\\00\\00\\00hi\\0a")',
      `(func (export "__errno") (param i64) (result i64)
        (i32.store (i32.const 100) (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 96)))
        (i32.store (i32.const 104) (call $random_get (i32.const 200) (i32.const 16)))
        (i32.store (i32.const 108) (call $path_create_directory (i32.const 3) (i32.const 8) (i32.const 2)))
        (i32.store (i32.const 112) (call $environ_get (i32.const 300) (i32.const 400)))
        (i32.store (i32.const 116) (call $fd_prestat_dir_name (i32.const 3) (i32.const 500) (i32.const 1)))
        (i64.const 0x00000064_00000014))`,
    );
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      let stdout = "";
      const plugin = await loadPlugin(new Uint8Array(bytes), {
        limits: { sharedMemories: 1 },
        env: { A: "b" },
        stdout: (chunk) => (stdout += chunk),
      });
      const echo = plugin.function("echo", [t.string], t.string);
      const errno = plugin.function("errno", [], t.array(t.u32, 5));
      return [await echo("ä"), await errno(), stdout, await plugin.files.exists("/hi")];
    }, bytes);
    expect(answer).toEqual(["ä", [0, 0, 0, 0, 0], "hi\n", true]);
  });
});

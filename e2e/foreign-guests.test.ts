/** Guests that no Rust SDK of ours made: they keep the ABI, each in its own way. */

import { wat } from "../src/abi/wat.test-kit.ts";
import { expect, ISOLATED, openHarness, PLAIN, test } from "./harness/test.ts";

/** Every way to wait for a host function, on a page where it works. */
const WAYS = [
  { blocking: "jspi", address: PLAIN },
  { blocking: "shared-memory", address: ISOLATED },
] as const;

test.describe("an original guest of 2022", () => {
  test("is one: it starts itself at every call, and frees nothing", async ({ harness }) => {
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

  test("lists the functions of the ABI, and not the raw ones beside them", async ({ harness }) => {
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

  for (const { blocking, address } of WAYS) {
    test(`answers, and its host calls are answered by ${blocking}`, async ({ page }) => {
      await openHarness(page, address);
      const answer = await page.evaluate(async (blocking) => {
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
    });
  }

  test("takes a struct with a path and an enum, and gives one back", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/fixtures/original.wasm", {
        hostFunctions: { run: hostFunction([t.string], t.bytes, () => new Uint8Array()) },
      });
      const kind = t.enumeration({
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

  test("reads and writes files and prints, asking for its preopens at every call", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      let stdout = "";
      const plugin = await loadPlugin("/plugins/fixtures/original.wasm", {
        hostFunctions: { run: hostFunction([t.string], t.bytes, () => new Uint8Array()) },
        preopens: { "/": { "notes.txt": "hello", sub: {} } },
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

  test("panics: the message is in the error, and the instance is gone", async ({ harness }) => {
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

  test("still answers after 2,000 calls, all of which it leaked", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { hostFunction, loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/fixtures/original.wasm", {
        hostFunctions: { run: hostFunction([t.string], t.bytes, () => new Uint8Array()) },
        preopens: { "/": { "notes.txt": "hello" } },
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

  test("gives its memory back: 1,000 calls of a megabyte each fit", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin("/plugins/double-c.wasm");
      const double = plugin.function("double", [t.f64Array], t.f64Array);
      const numbers = new Float64Array(1 << 17).fill(1.5);
      let right = 0;
      for (let call = 0; call < 1000; call += 1) right += Number((await double(numbers))[0] === 3);
      return right;
    });
    expect(answer).toBe(1000);
  });

  test("says why bytes do not fit, and traps", async ({ harness }) => {
    const answer = await harness.evaluate(async () => {
      const { loadPlugin, PluginTrapError, t } = window.cloche;
      const failures = [];
      for (const [codec, value] of [
        [t.u64, 2n ** 61n],
        [t.u32, 1],
      ] as const) {
        const plugin = await loadPlugin("/plugins/double-c.wasm");
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

  for (const { blocking, address } of WAYS) {
    test(`uses texts, an option, a result, a file, stdout, and a host function by ${blocking}`, async ({
      page,
    }) => {
      await openHarness(page, address);
      const answer = await page.evaluate(async (blocking) => {
        const { hostFunction, loadPlugin, t } = window.cloche;
        let stdout = "";
        const plugin = await loadPlugin("/plugins/fixtures/words-c.wasm", {
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
    });
  }
});

const MEMORY = '(memory (export "memory") 1)';
const ALLOC = `
  (global $next (mut i32) (i32.const 1024))
  (func (export "__alloc_buffer") (param i32) (result i32)
    (global.get $next)
    (global.set $next (i32.add (global.get $next) (local.get 0))))`;
const FREE = '(func (export "__free_buffer") (param i64))';
const ECHO = '(func (export "__echo") (param i64) (result i64) (local.get 0))';

/** A module's bytes, as an array: what Playwright hands to a page. */
function guest(...parts: readonly string[]): number[] {
  return [...wat(`(module ${parts.join("\n")})`)];
}

/** A name in the text format, where the assembler takes ASCII alone. */
function quoted(name: string): string {
  const escapes = [...new TextEncoder().encode(name)].map((byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : `\\${byte.toString(16)}`,
  );
  return `"${escapes.join("")}"`;
}

/** What a call of a function that should never return normally ended with. */
const TRAPPED = expect.stringMatching(/: the guest trapped \(.*unreachable.*\), expected it to/);

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

  test("has its pointers read unsigned: one in the upper half is named in the error", async ({
    harness,
  }) => {
    const bytes = guest(
      MEMORY,
      ALLOC,
      FREE,
      '(func (export "__high") (param i64) (result i64) (i64.const 0x80000000_00000008))',
      '(func (export "__long") (param i64) (result i64) (i64.const 0x00000001_ffffffff))',
      '(func (export "__all") (param i64) (result i64) (i64.const -1))',
    );
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, PluginTrapError, t } = window.cloche;
      const messages = [];
      for (const name of ["high", "long", "all"]) {
        const plugin = await loadPlugin(new Uint8Array(bytes));
        const { error, message } = await window.rejection(plugin.function(name, [], t.bytes)());
        messages.push(error instanceof PluginTrapError && message);
      }
      return messages;
    }, bytes);
    const message = (from: number, to: number) =>
      `Cannot move buffer of plugin "plugin": the guest gave bytes ${from} to ${to}, expected a range within 65536 bytes of memory`;
    expect(answer).toEqual([
      message(2_147_483_648, 2_147_483_656),
      message(1, 4_294_967_296),
      message(4_294_967_295, 8_589_934_590),
    ]);
  });

  test("may put a result at the very end of its memory, and not one byte further", async ({
    harness,
  }) => {
    const bytes = guest(
      MEMORY,
      ALLOC,
      FREE,
      '(data (i32.const 65528) "\\2a\\00\\00\\00\\00\\00\\00\\00")',
      '(func (export "__last") (param i64) (result i64) (i64.const 0x0000fff8_00000008))',
      '(func (export "__beyond") (param i64) (result i64) (i64.const 0x0000fff9_00000008))',
    );
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes));
      const last = await plugin.function("last", [], t.u64)();
      const beyond = await window.rejection(plugin.function("beyond", [], t.u64)());
      return [String(last), beyond.name];
    }, bytes);
    expect(answer).toEqual(["42", "PluginTrapError"]);
  });

  for (const { blocking, address } of WAYS) {
    test(`may grow its memory for every buffer, those of host calls by ${blocking} too`, async ({
      page,
    }) => {
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
      await openHarness(page, address);
      const answer = await page.evaluate(
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
    });
  }

  test("whose memory has reached its maximum fails with what its allocator gave", async ({
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
      'Cannot move buffer of plugin "plugin": __alloc_buffer gave bytes 4294901760 to 4294901764, expected a range within 131072 bytes of memory',
      "failed",
    ]);
  });

  test("has each result freed exactly once, with the number it gave", async ({ harness }) => {
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

  test("whose free traps loses the answer with a trap, and is gone", async ({ harness }) => {
    const bytes = guest(
      MEMORY,
      ALLOC,
      '(func (export "__free_buffer") (param i64) unreachable)',
      ECHO,
    );
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes));
      const { name, message } = await window.rejection(plugin.function("echo", [t.u8], t.u8)(1));
      return [name, message, (await plugin.closed).kind];
    }, bytes);
    expect(answer).toEqual(["PluginTrapError", TRAPPED, "failed"]);
  });

  test("whose allocator traps fails the call with a trap, and is gone", async ({ harness }) => {
    const bytes = guest(
      MEMORY,
      FREE,
      '(func (export "__alloc_buffer") (param i32) (result i32) unreachable)',
      ECHO,
    );
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes));
      const { name, message } = await window.rejection(plugin.function("echo", [t.u8], t.u8)(1));
      return [name, message, (await plugin.closed).kind];
    }, bytes);
    expect(answer).toEqual(["PluginTrapError", TRAPPED, "failed"]);
  });

  test("may name its functions as JavaScript names its own", async ({ harness }) => {
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

  for (const { blocking, address } of WAYS) {
    test(`may name its imports so too, answered by ${blocking}`, async ({ page }) => {
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
      await openHarness(page, address);
      const answer = await page.evaluate(
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
            missing: names.filter((name) => missing.message.includes(`expected "${name}" in`)),
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
      'Cannot find function "double" of plugin "plugin": echo, expected an export "__double" of type (i64) -> i64',
    ]);
  });

  test("may have shared memory, in which WASI works as well", async ({ harness }) => {
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

test.describe("a guest assembled by hand starts", () => {
  test("with _initialize, once, and never with _start", async ({ harness }) => {
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

  test("and traps there, in its start section or in _initialize", async ({ harness }) => {
    const parts = [MEMORY, ALLOC, FREE, ECHO];
    const modules = [
      guest(...parts, "(func $boom unreachable)", "(start $boom)"),
      guest(...parts, '(func (export "_initialize") unreachable)'),
    ];
    const answer = await harness.evaluate(async (modules) => {
      const { loadPlugin, PluginTrapError } = window.cloche;
      const failures = [];
      for (const bytes of modules) {
        const { error, message } = await window.rejection(loadPlugin(new Uint8Array(bytes)));
        failures.push([
          error instanceof PluginTrapError,
          message,
          error instanceof PluginTrapError && /wasm/.test(error.guestStack),
        ]);
      }
      return failures;
    }, modules);
    const message = expect.stringMatching(
      /^Cannot start the module of plugin "plugin": the guest trapped \(.*unreachable.*\), expected it to return$/,
    );
    expect(answer).toEqual([
      [true, message, true],
      [true, message, true],
    ]);
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
    expect(answer).toEqual([
      3,
      'Cannot start the module of plugin "plugin": the guest exited with code 3, expected it to return',
    ]);
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
    const failure = [
      "loadMs",
      'Cannot load plugin "plugin": still starting after 500 ms, expected it to be up by then (limits.loadMs)',
    ];
    expect(answer).toEqual([failure, failure]);
  });

  for (const { blocking, address } of WAYS) {
    test(`and calls the host in _initialize, which answers by ${blocking}`, async ({ page }) => {
      const bytes = guest(
        '(import "env" "__note" (func $note (param i64) (result i64)))',
        MEMORY,
        ALLOC,
        FREE,
        "(global $answer (mut i64) (i64.const 0))",
        '(func (export "_initialize") (global.set $answer (call $note (i64.const 0))))',
        '(func (export "__answer") (param i64) (result i64) (global.get $answer))',
      );
      await openHarness(page, address);
      const answer = await page.evaluate(
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
    });

    test(`and calls the host in its start section, which is too early by ${blocking}`, async ({
      page,
    }) => {
      const bytes = guest(
        '(import "env" "__note" (func $note (param i64) (result i64)))',
        MEMORY,
        ALLOC,
        FREE,
        "(func $early (drop (call $note (i64.const 0))))",
        "(start $early)",
      );
      await openHarness(page, address);
      const answer = await page.evaluate(
        async ({ bytes, blocking }) => {
          const { hostFunction, loadPlugin, t } = window.cloche;
          const { name, message } = await window.rejection(
            loadPlugin(new Uint8Array(bytes), {
              blocking,
              hostFunctions: { note: hostFunction([], t.unit, () => {}) },
            }),
          );
          return [name, message];
        },
        { bytes, blocking },
      );
      // Under JSPI the engine refuses before the host is asked.
      expect(answer).toEqual(
        blocking === "jspi"
          ? [
              "PluginTrapError",
              expect.stringMatching(
                /^Cannot start the module of plugin "plugin": the guest trapped/,
              ),
            ]
          : [
              "PluginLinkError",
              'Cannot call host function "note" of plugin "plugin": called by the module\'s start function, expected a call from an export',
            ],
      );
    });
  }

  test("and calls WASI in its start section, which has no memory to work on yet", async ({
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
    const answer = await harness.evaluate(async (bytes) => {
      const { loadPlugin, t } = window.cloche;
      const plugin = await loadPlugin(new Uint8Array(bytes));
      return plugin.function("errno", [], t.array(t.u32, 2))();
    }, bytes);
    const efault = 21;
    expect(answer).toEqual([efault, 0]);
  });
});

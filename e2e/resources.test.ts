import { ALLOC, ECHO, FREE, guest, MEMORY } from "./harness/hand-made-guest.ts";
import { expect, test } from "./harness/test.ts";

/** A guest that echoes, asks the page, drops a resource, and traps. */
const MODULE = guest(
  `(import "env" "__length" (func $length (param i64) (result i64)))
   (import "env" "__drop_resource" (func $drop (param i64) (result i64)))`,
  MEMORY,
  ALLOC,
  FREE,
  ECHO,
  `(func (export "__measure") (param i64) (result i64) (call $length (local.get 0)))
   (func (export "__drop") (param i64) (result i64) (call $drop (local.get 0)))
   (func (export "__fail") (param i64) (result i64) unreachable)`,
);

test("an object of the page crosses as a handle, is used, given back and dropped", async ({
  harness,
}) => {
  const seen = await harness.evaluate(async (module) => {
    const { loadPlugin, hostFunction, t } = window.cloche;
    const rope = t.resource<{ text: string }>("Rope");
    const dropped: unknown[] = [];
    const plugin = await loadPlugin(new Uint8Array(module), {
      hostFunctions: {
        length: hostFunction([t.borrow(rope)], t.u32, ({ text }) => text.length),
      },
      onDrop: (object, name) => dropped.push([name, object]),
    });
    const message = (call: Promise<unknown>) => call.then(String, (error: Error) => error.message);
    const object = { text: "four" };
    const measure = plugin.function("measure", [t.borrow(rope)], t.u32);
    const lend = plugin.function("echo", [t.borrow(rope)], t.u64);
    const give = plugin.function("echo", [rope], t.u64);
    const drop = plugin.function("drop", [t.u64], t.unit);
    const lent = await lend(object);
    const given = await give(object);
    return {
      measured: await measure(object),
      isBack: (await plugin.function("echo", [rope], rope)(object)) === object,
      stale: await message(plugin.function("measure", [t.u64], t.u32)(lent)),
      forged: await message(plugin.function("echo", [t.u64], rope)(1n)),
      owned: await plugin.function("measure", [t.u64], t.u32)(given),
      dropped: [await drop(given), dropped],
      twice: await message(drop(given)),
      closed: await plugin.close(),
    };
  }, MODULE);
  expect(seen).toEqual({
    measured: 4,
    isBack: true,
    stale: expect.stringContaining("is no handle of a Rope that the plugin holds"),
    forged: expect.stringContaining("1 is no handle of a Rope that the plugin owns"),
    owned: 4,
    dropped: [undefined, [["Rope", { text: "four" }]]],
    twice: expect.stringContaining("no handle of a resource that the plugin owns"),
    closed: undefined,
  });
});

test("a plugin that ends, or restarts, drops what it held", async ({ harness }) => {
  const seen = await harness.evaluate(async (module) => {
    const { loadPlugin, hostFunction, t } = window.cloche;
    const rope = t.resource<{ id: number }>("Rope");
    const dropped: unknown[] = [];
    const plugin = await loadPlugin(new Uint8Array(module), {
      hostFunctions: { length: hostFunction([t.borrow(rope)], t.u32, ({ id }) => id) },
      onDrop: (object) => dropped.push(object),
      restart: true,
    });
    const give = plugin.function("echo", [rope], t.u64);
    await give({ id: 1 });
    const failed = plugin
      .function(
        "fail",
        [rope],
        t.unit,
      )({ id: 2 })
      .catch(() => "failed");
    const waiting = give({ id: 3 });
    await failed;
    const handle = await waiting;
    const afterRestart = [...dropped];
    const measured = await plugin.function("measure", [t.u64], t.u32)(handle);
    await plugin.close();
    await new Promise((done) => setTimeout(done));
    return { afterRestart, measured, afterClose: dropped };
  }, MODULE);
  expect(seen).toEqual({
    afterRestart: [{ id: 1 }],
    measured: 3,
    afterClose: [{ id: 1 }, { id: 3 }],
  });
});

test("a pool holds no resources", async ({ harness }) => {
  const message = await harness.evaluate(async (module) => {
    const { createPool, hostFunction, t } = window.cloche;
    const rope = t.resource<object>("Rope");
    const length = hostFunction([t.borrow(rope)], t.u32, () => 0);
    const pool = await createPool(new Uint8Array(module), { size: 1, hostFunctions: { length } });
    return pool
      .function(
        "echo",
        [rope],
        t.u64,
      )({})
      .then(String, (error: Error) => error.message);
  }, MODULE);
  expect(message).toContain("only a plugin can hold one, and not a pool of them");
});

import { ALLOC, ECHO, FREE, guest, MEMORY } from "./harness/hand-made-guest.ts";
import { expect, test } from "./harness/test.ts";

/** Counts its calls, meets others by a host function, traps, and spins. */
const MEETING = guest(
  '(import "env" "__meet" (func $meet (param i64) (result i64)))',
  MEMORY,
  ALLOC,
  FREE,
  ECHO,
  `(func (export "__meet") (param i64) (result i64) (call $meet (local.get 0)))
  (func (export "__trap") (param i64) (result i64) (unreachable))
  (func (export "__spin") (param i64) (result i64) (loop $l (br $l)) (i64.const 0))`,
);

test.describe("a pool of plugins", () => {
  test("runs as many calls at once as it has plugins, and begins them in their order", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async (bytes) => {
      const { createPool, hostFunction, t } = window.cloche;
      const begun: number[] = [];
      const waiting: (() => void)[] = [];
      let most = 0;
      const meet = hostFunction([t.u32], t.u32, async (number) => {
        begun.push(number);
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          most = Math.max(most, waiting.length);
          // Only together they go on.
          if (waiting.length === 3) for (const go of waiting.splice(0)) go();
        });
        return number;
      });
      const options = { size: 3, name: "meeting", hostFunctions: { meet } };
      const pool = await createPool(new Uint8Array(bytes), options);
      const call = pool.function("meet", [t.u32], t.u32);
      const answers = await Promise.all(Array.from({ length: 9 }, (_, number) => call(number)));
      const rounds = [0, 3, 6].map((from) =>
        begun
          .slice(from, from + 3)
          .sort((a, b) => a - b)
          .join(),
      );
      return [pool.name, pool.plugins.length, most, answers.join(), rounds];
    }, MEETING);
    expect(answer).toEqual(["meeting", 3, 3, "0,1,2,3,4,5,6,7,8", ["0,1,2", "3,4,5", "6,7,8"]]);
  });

  test("loses the plugin of a call that fails, is aborted or is late, and goes on with the others", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async (bytes) => {
      const { createPool, hostFunction, t } = window.cloche;
      const hostFunctions = { meet: hostFunction([t.u32], t.u32, (number) => number) };
      const pool = await createPool(new Uint8Array(bytes), { size: 4, hostFunctions });
      const [trap, spin] = ["trap", "spin"].map((name) => pool.function(name, [], t.unit)) as [
        () => Promise<void>,
        ReturnType<typeof pool.function<[], typeof t.unit>>,
      ];
      const echo = pool.function("echo", [t.u32], t.u32);
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), 50);
      const ends = [
        trap(),
        spin.with({ timeoutMs: 50 })(),
        spin.with({ signal: controller.signal })(),
      ];
      const echoes = Array.from({ length: 20 }, (_, number) => echo(number));
      const reasons = await Promise.all(
        ends.map(async (end) => {
          const { name, message } = await window.rejection(end);
          return name === "string" ? message : name;
        }),
      );
      const sum = (await Promise.all(echoes)).reduce((total, number) => total + number, 0);
      const closed = await Promise.race([pool.closed, Promise.resolve("open")]);
      const last = await window.rejection(trap());
      const { kind } = await pool.closed;
      const late = await window.rejection(echo(1));
      return [reasons, sum, closed, last.name, kind, late.name];
    }, MEETING);
    expect(answer).toEqual([
      ["PluginTrapError", "PluginTimeoutError", "enough"],
      190,
      "open",
      "PluginTrapError",
      "failed",
      "PluginClosedError",
    ]);
  });

  test("replaces a plugin that is gone, with restart", async ({ harness }) => {
    const answer = await harness.evaluate(async (bytes) => {
      const { createPool, hostFunction, t } = window.cloche;
      const hostFunctions = { meet: hostFunction([t.u32], t.u32, (number) => number) };
      const options = { size: 2, restart: true, hostFunctions };
      const pool = await createPool(new Uint8Array(bytes), options);
      const trap = pool.function("trap", [], t.unit);
      const echo = pool.function("echo", [t.u32], t.u32);
      const failed = [];
      for (let count = 0; count < 4; count++) failed.push((await window.rejection(trap())).name);
      const echoes = await Promise.all([1, 2, 3, 4].map((number) => echo(number)));
      const restarts = pool.plugins.reduce((sum, plugin) => sum + plugin.restarts, 0);
      return [new Set(failed).size, echoes, restarts > 0];
    }, MEETING);
    expect(answer).toEqual([1, [1, 2, 3, 4], true]);
  });

  test("aborts a call that waits without any plugin's loss, and refuses limits.queuedCalls plus one", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async (bytes) => {
      const { createPool, hostFunction, t } = window.cloche;
      let go = () => {};
      const gate = new Promise<void>((resolve) => {
        go = resolve;
      });
      const meet = hostFunction([t.u32], t.u32, async (number) => {
        await gate;
        return number;
      });
      const options = { size: 1, hostFunctions: { meet }, limits: { queuedCalls: 2 } };
      const pool = await createPool(new Uint8Array(bytes), options);
      const call = pool.function("meet", [t.u32], t.u32);
      const controller = new AbortController();
      const first = call(1);
      const aborted = window.rejection(call.with({ signal: controller.signal })(2));
      const second = call(3);
      const refused = await window.rejection(call(4));
      controller.abort("never mind");
      const { message } = await aborted;
      const closing = pool.close();
      go();
      const answers = await Promise.all([first, second]);
      await closing;
      return [refused.name, message, answers, (await window.rejection(call(5))).name];
    }, MEETING);
    expect(answer).toEqual(["PluginLimitError", "never mind", [1, 3], "PluginClosedError"]);
  });

  test("has as many plugins as the machine has cores, and none that fails to load", async ({
    harness,
  }) => {
    const answer = await harness.evaluate(async () => {
      const { createPool } = window.cloche;
      const pool = await createPool("/plugins/double.wasm");
      const errors = await Promise.all([
        window.rejection(createPool("/plugins/double.wasm", { size: 0 })),
        window.rejection(createPool("/plugins/everything.wasm", { size: 3 })),
        window.rejection(
          Promise.resolve().then(() => pool.function("nothing", [], undefined as never)),
        ),
      ]);
      const isSize = pool.plugins.length === navigator.hardwareConcurrency;
      return [isSize, errors.map(({ name }) => name)];
    });
    expect(answer).toEqual([true, ["TypeError", "PluginLinkError", "PluginLinkError"]]);
  });
});

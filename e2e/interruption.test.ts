import { ALLOC, ECHO, FREE, guest, MEMORY, wasiImport } from "./harness/hand-made-guest.ts";
import {
  ENDS_WORKERS,
  EPOCH,
  expect,
  ISOLATED,
  PAGE_ONLY,
  PLAIN,
  test,
  WORKER_ONLY,
} from "./harness/test.ts";

/** Where each way to interrupt a guest works. */
const WAYS = [
  { interruption: "epoch", address: ISOLATED },
  { interruption: "fuel", address: PLAIN },
  { interruption: "terminate", address: PLAIN },
] as const;

/** A strictly isolated guest is interrupted by fuel, whatever the page could do. */
const TAGS = {
  epoch: [WORKER_ONLY.tag, EPOCH.tag],
  fuel: [],
  terminate: [WORKER_ONLY.tag, ENDS_WORKERS.tag],
};

const TAIL_CALLS = "tail calls";
/**
 * Loops that the browser itself is not asked to end. Chromium never ends a worker whose guest goes on by tail
 * calls alone: it spins until the tab closes. It lets any other spin for two seconds more, and each turn of a
 * loop is the same to it, whatever the loop does between two turns.
 */
const NOT_TERMINATED = new Set([
  TAIL_CALLS,
  "a loop that counts",
  "a loop that reads and writes",
  "a loop of calls",
  "a loop of calls of the system",
  "a loop that fills all memory",
]);
/** Loops that show that a strictly isolated guest is stopped. It is by the same fuel, whatever the loop. */
const IN_STRICT = new Set(["an empty loop", "one long call of the system"]);
const LOOPS = {
  "an empty loop": "(loop $l (br $l))",
  "a loop that counts":
    "(local i32) (loop $l (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br $l))",
  "a loop that reads and writes":
    "(loop $l (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1))) (br $l))",
  "a loop of calls": "(loop $l (call $leaf) (br $l))",
  "a tree of calls": "(call $tree (i32.const 60))",
  [TAIL_CALLS]: "(return_call $again (local.get 0))",
  "a loop of calls of the system":
    "(loop $l (drop (call $random_get (i32.const 0) (i32.const 65536))) (br $l))",
  "one long call of the system": `(drop (memory.grow (i32.const 8000)))
    (drop (call $random_get (i32.const 0) (i32.shl (memory.size) (i32.const 16))))
    (loop $l (br $l))`,
  "a loop that fills all memory":
    "(loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.shl (memory.size) (i32.const 16))) (br $l))",
};

const FUNCTIONS = `
  (func $leaf)
  (func $tree (param i32)
    (if (local.get 0) (then
      (call $tree (i32.sub (local.get 0) (i32.const 1)))
      (call $tree (i32.sub (local.get 0) (i32.const 1))))))
  (func $again (param i64) (result i64) (return_call $again (local.get 0)))`;

/** A plugin whose function `spin` runs a loop. */
function spinning(loop: string): number[] {
  const spin = `(func (export "__spin") (param i64) (result i64) ${loop} (i64.const 0))`;
  return guest(wasiImport("random_get"), MEMORY, ALLOC, FREE, ECHO, FUNCTIONS, spin);
}

for (const { interruption, address } of WAYS) {
  const details = { tag: TAGS[interruption] };
  // What is chosen without isolation depends on the version of Node.
  const isByItself = interruption === "epoch" ? {} : PAGE_ONLY;
  test.describe(`a guest that is interrupted by ${interruption}`, details, () => {
    test(
      "reports the form in plugin.interruption and answers",
      isByItself,
      async ({ harnessAt }) => {
        const harness = await harnessAt(address);
        const answer = await harness.evaluate(
          async ({ bytes, interruption }) => {
            const { loadPlugin, t } = window.cloche;
            const chosen = await loadPlugin(new Uint8Array(bytes));
            const plugin = await loadPlugin(new Uint8Array(bytes), { interruption });
            const echo = plugin.function("echo", [t.string], t.string);
            return [chosen.interruption, plugin.interruption, await echo("here")];
          },
          { bytes: spinning(""), interruption },
        );
        const byItself = interruption === "epoch" ? "epoch" : "fuel";
        expect(answer).toEqual([byItself, interruption, "here"]);
      },
    );

    for (const [name, loop] of Object.entries(LOOPS)) {
      if (interruption === "terminate" && NOT_TERMINATED.has(name)) continue;
      const isolations = IN_STRICT.has(name) ? {} : WORKER_ONLY;
      test(`stops in ${name}, and leaves nothing behind`, isolations, async ({ harnessAt }) => {
        const bytes = spinning(loop);
        const harness = await harnessAt(address);
        const answer = await harness.evaluate(
          async ({ bytes, interruption }) => {
            const { loadPlugin, t } = window.cloche;
            const load = () => loadPlugin(new Uint8Array(bytes), { interruption });
            const plugin = await load();
            const spin = plugin.function("spin", [], t.unit).with({ timeoutMs: 50 });
            const { name } = await window.rejection(spin());
            const endMs = performance.now();
            while (await window.hasWorker())
              await new Promise((resolve) => setTimeout(resolve, 20));
            const isSoon = performance.now() - endMs < 1000;
            const next = await load();
            return [name, isSoon, await next.function("echo", [t.string], t.string)("here")];
          },
          { bytes, interruption },
        );
        // A browser by itself may take two seconds.
        const isSoon = interruption === "terminate" ? expect.any(Boolean) : true;
        expect(answer).toEqual(["PluginTimeoutError", isSoon, "here"]);
      });
    }
  });
}

test.describe("a guest with limited fuel", () => {
  /** `spin(turns)` reads its turns from the argument's bytes. */
  const bytes = guest(
    MEMORY,
    ALLOC,
    FREE,
    ECHO,
    `(func (export "__spin") (param $args i64) (result i64) (local $turns i32)
      (local.set $turns (i32.load (i32.wrap_i64 (i64.shr_u (local.get $args) (i64.const 32)))))
      (loop $l (br_if $l (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
      (i64.const 0))`,
  );

  for (const address of [ISOLATED, PLAIN]) {
    test(`uses the same amount for the same call, and stops exactly at the limit, ${address === PLAIN ? "not " : ""}isolated`, async ({
      harnessAt,
    }) => {
      const harness = await harnessAt(address);
      const answer = await harness.evaluate(async (bytes) => {
        const { loadPlugin, PluginLimitError, t } = window.cloche;
        const usedBy = async (turns: number, fuel: number) => {
          const plugin = await loadPlugin(new Uint8Array(bytes), { limits: { fuel } });
          const before = plugin.fuelUsed;
          await plugin.function("spin", [t.u32], t.unit)(turns);
          return { used: plugin.fuelUsed - before, interruption: plugin.interruption };
        };
        const first = await usedBy(3_000_000, 100_000_000);
        const second = await usedBy(3_000_000, 90_000_000);
        const exact = await usedBy(3_000_000, first.used);
        const short = await window.rejection(usedBy(3_000_000, first.used - 1));
        const { error } = short;
        const limit = error instanceof PluginLimitError && [
          error.limit,
          error.value,
          error.allowed,
        ];
        return { first, second, exact, limit };
      }, bytes);
      expect(answer.first.interruption).toBe("fuel");
      expect(answer.first.used).toBeGreaterThan(15_000_000);
      expect(answer.second).toEqual(answer.first);
      expect(answer.exact).toEqual(answer.first);
      const { used } = answer.first;
      expect(answer.limit).toEqual(["fuel", expect.any(Number), used - 1]);
    });
  }

  test("says what another interruption needs, and what a compiled module lacks", {
    tag: [WORKER_ONLY.tag, PAGE_ONLY.tag],
  }, async ({ harnessAt }) => {
    const harness = await harnessAt(PLAIN);
    const messages = await harness.evaluate(async (bytes) => {
      const { loadPlugin } = window.cloche;
      const module = await WebAssembly.compile(new Uint8Array(bytes));
      const binary = new Uint8Array(bytes);
      const limits = { fuel: 1000 };
      const refused = [
        loadPlugin(binary, { interruption: "epoch" }),
        loadPlugin(binary, { interruption: "terminate", limits }),
        loadPlugin(module, { interruption: "fuel" }),
        loadPlugin(module, { limits }),
      ];
      const messages = [];
      for (const each of refused) {
        const { name, message } = await window.rejection(each);
        messages.push(`${name}: ${message}`);
      }
      return [...messages, (await loadPlugin(module)).interruption];
    }, bytes);
    const refusal = (wanted: string, needs: string) =>
      `PluginLoadError: Cannot load plugin "plugin": interruption "${wanted}" needs ${needs}`;
    expect(messages).toEqual([
      refusal(
        "epoch",
        "a cross-origin isolated page and a browser with multiple memories; doctor() says what this page allows and lacks",
      ),
      refusal("terminate", 'to be "fuel" for limits.fuel'),
      refusal("fuel", "the module's bytes to rewrite"),
      refusal("auto", "the module's bytes to rewrite for limits.fuel"),
      "terminate",
    ]);
  });
});

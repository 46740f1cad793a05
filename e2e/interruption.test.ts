import { ALLOC, ECHO, FREE, guest, MEMORY } from "./harness/hand-made-guest.ts";
import { expect, ISOLATED, openHarness, PLAIN, test } from "./harness/test.ts";

/** Where each way to interrupt a guest works. */
const WAYS = [
  { interruption: "epoch", address: ISOLATED },
  { interruption: "fuel", address: PLAIN },
  { interruption: "terminate", address: PLAIN },
] as const;

const TAIL_CALLS = "tail calls";
const LOOPS = {
  "an empty loop": "(loop $l (br $l))",
  "a loop that counts":
    "(local i32) (loop $l (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br $l))",
  "a loop that reads and writes":
    "(loop $l (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1))) (br $l))",
  "a loop of calls": "(loop $l (call $leaf) (br $l))",
  "a tree of calls": "(call $tree (i32.const 60))",
  [TAIL_CALLS]: "(return_call $again (local.get 0))",
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
  return guest(MEMORY, ALLOC, FREE, ECHO, FUNCTIONS, spin);
}

for (const { interruption, address } of WAYS) {
  test.describe(`a guest that is interrupted by ${interruption}`, () => {
    test("is known by it, and answers as any other", async ({ page }) => {
      await openHarness(page, address);
      const answer = await page.evaluate(async (interruption) => {
        const { t } = window.cloche;
        const chosen = await window.loadEverything();
        const plugin = await window.loadEverything({ interruption });
        const echo = plugin.function("echo_string", [t.string], t.string);
        return [chosen.interruption, plugin.interruption, await echo("here")];
      }, interruption);
      const byItself = interruption === "epoch" ? "epoch" : "fuel";
      expect(answer).toEqual([byItself, interruption, "here"]);
    });

    for (const [name, loop] of Object.entries(LOOPS)) {
      // Chromium never ends a worker whose guest goes on by tail calls alone: it spins until the tab closes.
      if (interruption === "terminate" && name === TAIL_CALLS) continue;
      test(`stops in ${name}, and nothing of it is left`, async ({ page }) => {
        const bytes = spinning(loop);
        await openHarness(page, address);
        const answer = await page.evaluate(
          async ({ bytes, interruption }) => {
            const { loadPlugin, t } = window.cloche;
            const load = () => loadPlugin(new Uint8Array(bytes), { interruption });
            const plugin = await load();
            const spin = plugin.function("spin", [], t.unit).with({ timeoutMs: 50 });
            const { name } = await window.rejection(spin());
            const { locks } = navigator;
            const isHeld = async () =>
              (await locks.query()).held?.some((lock) => lock.name?.startsWith("cloche:")) === true;
            while (await isHeld()) await new Promise((resolve) => setTimeout(resolve, 5));
            const next = await load();
            return [name, await next.function("echo", [t.string], t.string)("here")];
          },
          { bytes, interruption },
        );
        expect(answer).toEqual(["PluginTimeoutError", "here"]);
      });
    }
  });
}

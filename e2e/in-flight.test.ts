/** Many calls at once: a worker is given calls ahead, and nobody can tell but by the time. */

import { FREE, guest } from "./harness/hand-made-guest.ts";
import { expect, ISOLATED, JSPI_ON_PAGES, PLAIN, SHARED_LANE, test } from "./harness/test.ts";

/** Each lane, on pages where it is chosen or can be chosen, in each way to wait for host functions. */
const LANES = [
  { lane: "shared-memory", blocking: "jspi", address: ISOLATED, details: JSPI_ON_PAGES },
  { lane: "shared-memory", blocking: "shared-memory", address: ISOLATED, details: SHARED_LANE },
  { lane: "messages", blocking: "shared-memory", address: ISOLATED, details: {} },
  { lane: "messages", blocking: "jspi", address: PLAIN, details: JSPI_ON_PAGES },
] as const;

/** Its functions take a u32 that stands at 1024, and give it back. */
const GUEST = guest(
  '(import "env" "__note" (func $note (param i64) (result i64)))',
  '(memory (export "memory") 1)',
  '(func (export "__alloc_buffer") (param i32) (result i32) (i32.const 1024))',
  FREE,
  `(func $spin (local $n i32) (local.set $n (i32.const 3000000))
    (loop $turn (br_if $turn (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))`,
  '(func (export "__echo") (param i64) (result i64) (local.get 0))',
  '(func (export "__note_it") (param i64) (result i64) (drop (call $note (local.get 0))) (local.get 0))',
  '(func (export "__slow") (param i64) (result i64) (call $spin) (local.get 0))',
  '(func (export "__trap") (param i64) (result i64) unreachable)',
  '(func (export "__hang") (param i64) (result i64) (loop $on (br $on)) (i64.const 0))',
);

for (const { lane, blocking, address, details } of LANES) {
  const given = { bytes: GUEST, lane, blocking };
  test.describe(`calls in flight by ${lane}, host calls by ${blocking}`, details, () => {
    test.use({ address });

    test("come back in their order, each with its own result", async ({ harness }) => {
      const order = await harness.evaluate(async ({ bytes, lane, blocking }) => {
        const { loadPlugin, hostFunction, t } = window.cloche;
        const plugin = await loadPlugin(new Uint8Array(bytes), {
          ...{ lane, blocking },
          hostFunctions: { note: hostFunction([t.u32], t.u32, (value) => value) },
        });
        const echo = plugin.function("echo", [t.u32], t.u32);
        if (plugin.lane !== lane) throw new Error(`lane ${plugin.lane}`);
        const order: number[] = [];
        const calls = Array.from({ length: 5000 }, (_, index) =>
          echo(index).then((value) => order.push(value)),
        );
        await Promise.all(calls);
        plugin.terminate();
        return order;
      }, given);
      expect(order).toEqual(Array.from({ length: 5000 }, (_, index) => index));
    });

    test("that are aborted while they wait are never seen by the guest", async ({ harness }) => {
      const { seen, reasons } = await harness.evaluate(async ({ bytes, lane, blocking }) => {
        const { loadPlugin, hostFunction, t } = window.cloche;
        const seen: number[] = [];
        const plugin = await loadPlugin(new Uint8Array(bytes), {
          ...{ lane, blocking },
          hostFunctions: { note: hostFunction([t.u32], t.u32, (value) => seen.push(value)) },
        });
        const note = plugin.function("note_it", [t.u32], t.u32);
        const controllers = Array.from({ length: 100 }, () => new AbortController());
        const calls = controllers.map(({ signal }, index) => note.with({ signal })(index));
        for (const [index, controller] of controllers.entries()) {
          if (index % 3 === 1) controller.abort(`reason ${index}`);
        }
        const ends = await Promise.allSettled(calls);
        plugin.terminate();
        return { seen, reasons: ends.flatMap((end) => ("reason" in end ? [end.reason] : [])) };
      }, given);
      const all = Array.from({ length: 100 }, (_, index) => index);
      expect(seen).toEqual(all.filter((index) => index % 3 !== 1));
      expect(reasons).toEqual(all.filter((index) => index % 3 === 1).map((n) => `reason ${n}`));
    });

    test("behind a trap, or a call whose time is up, are run once by a fresh instance", async ({
      harness,
    }) => {
      const { seen, failed, restarts } = await harness.evaluate(
        async ({ bytes, lane, blocking }) => {
          const { loadPlugin, hostFunction, t } = window.cloche;
          const seen: number[] = [];
          const plugin = await loadPlugin(new Uint8Array(bytes), {
            ...{ lane, blocking },
            restart: true,
            hostFunctions: { note: hostFunction([t.u32], t.u32, (value) => seen.push(value)) },
          });
          const note = plugin.function("note_it", [t.u32], t.u32);
          const trap = plugin.function("trap", [t.u32], t.u32);
          const hang = plugin.function("hang", [t.u32], t.u32).with({ timeoutMs: 100 });
          const calls = Array.from({ length: 60 }, (_, index) => {
            if (index === 20) return trap(index);
            return index === 40 ? hang(index) : note(index);
          });
          const ends = await Promise.allSettled(calls);
          const { restarts } = plugin;
          plugin.terminate();
          const failed = ends.flatMap((end, index) =>
            "reason" in end ? [[index, (end.reason as Error).name]] : [],
          );
          return { seen, failed, restarts };
        },
        given,
      );
      const all = Array.from({ length: 60 }, (_, index) => index);
      expect(seen).toEqual(all.filter((index) => index !== 20 && index !== 40));
      expect(failed).toEqual([
        [20, "PluginTrapError"],
        [40, "PluginTimeoutError"],
      ]);
      expect(restarts).toBe(2);
    });

    test("behind a failed host function do not fail with it", async ({ harness }) => {
      const failed = await harness.evaluate(async ({ bytes, lane, blocking }) => {
        const { loadPlugin, hostFunction, t } = window.cloche;
        const plugin = await loadPlugin(new Uint8Array(bytes), {
          ...{ lane, blocking },
          hostFunctions: {
            note: hostFunction([t.u32], t.u32, async (value) => {
              if (value % 10 === 5) throw new Error(`no ${value}`);
              return value;
            }),
          },
        });
        const note = plugin.function("note_it", [t.u32], t.u32);
        const ends = await Promise.allSettled(
          Array.from({ length: 50 }, (_, index) => note(index)),
        );
        plugin.terminate();
        return ends.flatMap((end, index) =>
          "reason" in end ? [[index, (end.reason as Error).message]] : [],
        );
      }, given);
      expect(failed).toEqual(
        [5, 15, 25, 35, 45].map((n) => [
          n,
          expect.stringMatching(new RegExp(`Host function "note".* failed: no ${n}$`)),
        ]),
      );
    });

    test("let the files answer between them", async ({ harness }) => {
      const { done, before } = await harness.evaluate(async ({ bytes, lane, blocking }) => {
        const { loadPlugin, hostFunction, t } = window.cloche;
        const plugin = await loadPlugin(new Uint8Array(bytes), {
          ...{ lane, blocking },
          hostFunctions: { note: hostFunction([t.u32], t.u32, (value) => value) },
        });
        const slow = plugin.function("slow", [t.u32], t.u32);
        await slow(0);
        let done = 0;
        const calls = Array.from({ length: 300 }, (_, index) =>
          slow(index).then(() => (done += 1)),
        );
        await new Promise((resolve) => setTimeout(resolve, 20));
        await plugin.files.exists("/");
        const before = done;
        await Promise.all(calls);
        plugin.terminate();
        return { done, before };
      }, given);
      expect(done).toBe(300);
      expect(before).toBeLessThan(200);
    });

    test("end with the plugin, those that wait with the reason", async ({ harness }) => {
      const ends = await harness.evaluate(async ({ bytes, lane, blocking }) => {
        const { loadPlugin, hostFunction, t } = window.cloche;
        const plugin = await loadPlugin(new Uint8Array(bytes), {
          ...{ lane, blocking },
          hostFunctions: { note: hostFunction([t.u32], t.u32, (value) => value) },
        });
        const echo = plugin.function("echo", [t.u32], t.u32);
        const hang = plugin.function("hang", [t.u32], t.u32);
        const before = [echo(1), echo(2)];
        const calls = [hang(3), ...Array.from({ length: 3000 }, (_, index) => echo(index))];
        await Promise.all(before);
        plugin.terminate("enough");
        const ends = await Promise.allSettled(calls);
        return ends.map((end) => ("reason" in end ? (end.reason as Error).message : "returned"));
      }, given);
      expect(new Set(ends)).toEqual(new Set([expect.stringMatching(/was terminated/)]));
    });
  });
}

import { ALLOC, FREE, guest, wasiImport } from "./harness/hand-made-guest.ts";
import { ENDS_WORKERS, EPOCH, expect, ISOLATED, PAGE_ONLY, PLAIN, test } from "./harness/test.ts";

/**
 * Every form of interruption, where it works, and where the worker is in another process. Both engines write by the
 * same streams, whichever way a guest is interrupted: one way is tried on both.
 */
const WAYS = [
  { on: "cloche", interruption: "epoch", address: ISOLATED, isolation: "worker", details: EPOCH },
  { on: "cloche", interruption: "fuel", address: PLAIN, isolation: "worker", details: {} },
  { on: "wasmer", interruption: "fuel", address: PLAIN, isolation: "worker", details: {} },
  { on: "cloche", interruption: "fuel", address: PLAIN, isolation: "strict", details: PAGE_ONLY },
  {
    on: "cloche",
    interruption: "terminate",
    address: PLAIN,
    isolation: "worker",
    details: ENDS_WORKERS,
  },
] as const;

/** Writes so many bytes from an address of memory. */
const write = (fd: number, address: number, length: number) => `
  (i32.store (i32.const 0) (i32.const ${address}))
  (i32.store (i32.const 4) (i32.const ${length}))
  (drop (call $fd_write (i32.const ${fd}) (i32.const 0) (i32.const 1) (i32.const 8)))`;
/** Computes for 20 ms or more without a call. */
const COMPUTE = "(call $compute (i32.const 50000000))";
const HANG = "(loop $hang (br $hang))";
const repeat = (times: number, body: string) => `
  (local.set $count (i32.const ${times}))
  (loop $again ${body}
    (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))`;
const exported = (name: string, body: string) =>
  `(func (export "__${name}") (param i64) (result i64) (local $count i32) ${body} (i64.const 0))`;

const TALKER = guest(
  wasiImport("fd_write"),
  '(memory (export "memory") 1)',
  String.raw`(data (i32.const 16) "\r 20%") (data (i32.const 32) "checking... ")`,
  String.raw`(data (i32.const 48) "oops\n") (data (i32.const 64) "line\n")`,
  `(func $compute (param i32) (loop $turn
    (br_if $turn (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))`,
  ALLOC,
  FREE,
  exported("progress", repeat(3, write(1, 16, 5) + COMPUTE)),
  exported("in_turns", repeat(3, write(1, 32, 12) + write(2, 48, 5))),
  exported("hang", write(1, 32, 12) + write(2, 48, 5) + write(1, 16, 5) + HANG),
  exported("trap", `${write(1, 32, 12) + write(2, 48, 5)} unreachable`),
  exported("flood_and_hang", repeat(1000, write(1, 64, 5)) + write(2, 48, 5) + HANG),
);

for (const { on: engine, interruption, address, isolation, details } of WAYS) {
  test.describe(
    `output of a guest on ${engine}, interrupted by ${interruption} (${isolation})`,
    details,
    () => {
      test("reaches its listeners while it computes, in order, and before the call ends", async ({
        harnessAt,
      }) => {
        const harness = await harnessAt(address);
        const answer = await harness.evaluate(
          async ({ bytes, interruption, isolation, engine }) => {
            const { loadPlugin, t } = window.cloche;
            const run = async (
              name: string,
              end: { timeoutMs?: number; abortAfter?: string } = {},
            ) => {
              const heard: { text: string; atMs: number }[] = [];
              const controller = new AbortController();
              const listen = (text: string) => {
                heard.push({ text, atMs: performance.now() });
                if (text === end.abortAfter) controller.abort();
              };
              const plugin = await loadPlugin(new Uint8Array(bytes), {
                ...{ interruption, isolation, ...window.onEngine(engine) },
                stdout: listen,
                stderr: (text) => listen(`[${text}]`),
              });
              const { signal } = controller;
              const call = plugin.function(name, [], t.unit).with({
                ...(end.abortAfter !== undefined && { signal }),
                ...(end.timeoutMs !== undefined && { timeoutMs: end.timeoutMs }),
              });
              const outcome = await call().then(
                () => "returned",
                (error: unknown) => (error as Error).name,
              );
              const text = heard.map(({ text }) => text).join("");
              const times = heard.map(({ atMs }) => atMs);
              plugin.terminate();
              return {
                outcome,
                text,
                pieces: heard.length,
                spreadMs: Math.max(...times) - Math.min(...times),
              };
            };
            return {
              progress: await run("progress"),
              inTurns: await run("in_turns"),
              abort: await run("hang", { abortAfter: "\r 20%" }),
              trap: await run("trap"),
              // By "terminate" its end may never be heard.
              flood: await run(
                "flood_and_hang",
                interruption === "terminate" ? { timeoutMs: 300 } : { abortAfter: "[oops\n]" },
              ),
            };
          },
          { bytes: TALKER, interruption, isolation, engine },
        );
        const { progress, inTurns, abort, trap, flood } = answer;
        expect(progress).toMatchObject({
          outcome: "returned",
          text: "\r 20%".repeat(3),
          pieces: 3,
        });
        // Twice 20 ms of computing or more; one after the other where they come at the end.
        expect(progress.spreadMs).toBeGreaterThan(20);
        expect(inTurns.text).toBe("checking... [oops\n]".repeat(3));
        const text = "checking... [oops\n]\r 20%";
        expect(abort).toMatchObject({ outcome: "AbortError", text });
        expect(trap).toMatchObject({ outcome: "PluginTrapError", text: "checking... [oops\n]" });
        const flooded = `${"line\n".repeat(1000)}[oops\n]`;
        // By "terminate" a guest that writes too fast and then never calls again takes the last frame along.
        if (interruption === "terminate") {
          expect(flood.outcome).toBe("PluginTimeoutError");
          expect(flooded.startsWith(flood.text)).toBe(true);
        } else {
          expect(flood).toMatchObject({ outcome: "AbortError", text: flooded });
        }
      });
    },
  );
}

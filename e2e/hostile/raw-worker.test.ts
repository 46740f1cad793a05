/**
 * Workers that are hostile from the first line on, against the whole of the page's end.
 *
 * The messages come from seeds. `CLOCHE_FUZZ=10` tries ten times as many workers, and
 * `CLOCHE_FUZZ_SEED` begins elsewhere; the unit tests of the same messages send some 300,000.
 */

import { ALLOC, ECHO, FREE, guest, MEMORY } from "../harness/hand-made-guest.ts";
import { ALONE } from "../harness/test.ts";
import { fails, hostile, survives, test } from "./case.ts";

const TIMES = Number(process.env["CLOCHE_FUZZ"] ?? 1);
const FIRST_SEED = Number(process.env["CLOCHE_FUZZ_SEED"] ?? 1);

const NOTE = '(import "env" "__note" (func (param i64) (result i64)))';
const GUEST = guest(NOTE, MEMORY, ALLOC, FREE, ECHO);

test.describe("a raw worker", ALONE, () => {
  test(
    "that posts arbitrary messages changes nothing on the page, and every call ends with a typed error",
    hostile({
      given: { bytes: GUEST, from: FIRST_SEED, workers: Math.ceil(40 * TIMES) },
      attack: async ({ cloche, t }, { bytes, from, workers }) => {
        /** What all code of the page shares, by where it is. */
        const sharedWorld = () => {
          const { Object, Function, Array, Promise, Map, Set, Error, Uint8Array } = globalThis;
          const roots = [Object, Function, Array, Promise, Map, Set, Error, Uint8Array].flatMap(
            (each: { prototype: object }) => [each, each.prototype],
          );
          return [globalThis, cloche, ...roots].map((root) =>
            Reflect.ownKeys(root).map(String).sort(),
          );
        };
        const before = JSON.stringify(sharedWorld());
        const ends: Record<string, number> = {};
        const count = (end: PromiseSettledResult<unknown>) => {
          const reason: unknown = end.status === "rejected" ? end.reason : undefined;
          const isTyped =
            reason instanceof cloche.PluginError || reason instanceof cloche.CodecError;
          const name = isTyped
            ? "typed"
            : end.status === "fulfilled"
              ? "fulfilled"
              : String(reason);
          ends[name] = (ends[name] ?? 0) + 1;
        };
        const oneWorker = async (seed: number) => {
          let running = 0;
          const note = async () => {
            if (++running > 1) ends["two host functions at once"] = 1;
            await Promise.resolve();
            running -= 1;
          };
          const load = cloche.loadPlugin(new Uint8Array(bytes), {
            worker: window.rawWorker({ act: "fuzz", seed, messages: 200 }),
            hostFunctions: { note: cloche.hostFunction([], t.unit, note) },
            stdout: () => {},
            stderr: () => {},
            limits: { loadMs: 1000, callMs: 300 },
          });
          const [loaded] = await Promise.allSettled([load]);
          count(loaded);
          if (loaded.status === "rejected") return;
          const plugin = loaded.value;
          const { files } = plugin;
          const echo = plugin.function("echo", [t.string], t.string);
          for (let round = 0; round < 4; round++) {
            const asked = [
              ...[echo("x"), echo("y"), files.list("/"), files.stat("/"), files.snapshot()],
              ...[files.read("f"), files.exists("f"), files.write("f", "x"), files.exportZip()],
              plugin.mount("/m", { f: "x" }).then((mount) => mount.unmount()),
            ];
            for (const end of await Promise.allSettled(asked)) count(end);
          }
          plugin.terminate();
          await plugin.closed;
        };
        const seeds = Array.from({ length: workers }, (_, index) => from + index);
        const next = async (): Promise<void> => {
          const seed = seeds.pop();
          if (seed === undefined) return;
          await oneWorker(seed);
          return next();
        };
        await Promise.all(Array.from({ length: 4 }, next));
        const { typed = 0, fulfilled = 0, ...others } = ends;
        const isShared = JSON.stringify(sharedWorld()) === before;
        return { others, isShared, isThorough: typed > workers && fulfilled > workers / 4 };
      },
      end: survives({ others: {}, isShared: true, isThorough: true }),
      deadlineMs: 60_000 * TIMES,
    }),
  );

  test(
    "that writes anything into the memory that calls go by does no harm, and every call ends",
    hostile({
      given: { bytes: GUEST, from: FIRST_SEED },
      attack: async ({ cloche, load, t }, { bytes, from }) => {
        const ends = new Set<string>();
        for (let seed = from; seed < from + 8; seed++) {
          const plugin = await load(bytes, {
            worker: window.rawWorker({ act: "scribble", seed }),
            hostFunctions: { note: cloche.hostFunction([], t.unit, () => {}) },
            limits: { callMs: 200 },
          });
          const echo = plugin.function("echo", [t.string], t.string);
          for (const end of await Promise.allSettled([echo("x"), echo("y"), echo("z")])) {
            const error = end.status === "rejected" ? (end.reason as Error) : undefined;
            const isTyped =
              error instanceof cloche.PluginError || error instanceof cloche.CodecError;
            ends.add(error === undefined || isTyped ? "typed" : error.message);
          }
          plugin.terminate();
        }
        return [...ends];
      },
      end: survives(["typed"]),
      deadlineMs: 15_000,
    }),
  );

  test(
    "that answers with a sparse array is terminated before the array is read",
    hostile({
      given: GUEST,
      attack: async ({ cloche, load, t, within }, bytes) => {
        const plugin = await load(bytes, {
          worker: window.rawWorker({ act: "holes" }),
          hostFunctions: { note: cloche.hostFunction([], t.unit, () => {}) },
        });
        await within(350, plugin.files.list("/"));
      },
      end: fails("PluginClosedError", /its worker sent a malformed reply to "list"/, {
        cause: "PluginClosedError",
      }),
    }),
  );

  test(
    "that stops answering is terminated after limits.callMs",
    hostile({
      given: GUEST,
      attack: async ({ cloche, load, t, within }, bytes) => {
        const plugin = await load(bytes, {
          worker: window.rawWorker({ act: "silence" }),
          hostFunctions: { note: cloche.hostFunction([], t.unit, () => {}) },
          limits: { callMs: 300 },
        });
        await within(350, plugin.files.list("/"));
      },
      end: fails("PluginClosedError", /stopped responding \(no reply for 300 ms, limits.callMs\)/, {
        cause: "PluginTimeoutError",
      }),
    }),
  );
});

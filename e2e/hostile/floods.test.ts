/**
 * Floods: guests, workers and pages that send as much as they can. Each test asserts, as every hostile
 * case does, that the page has no gap of more than 100 ms meanwhile.
 */

import { ECHO, FREE, guest, wasiImport } from "../harness/hand-made-guest.ts";
import { ALONE } from "../harness/test.ts";
import { fails, hostile, survives, test } from "./case.ts";

/** How long each flood lasts. */
const FLOOD_MS = 400;

/** A function that does something for ever. */
const endless = (name: string, body: string) =>
  `(func (export "__${name}") (param i64) (result i64) (loop $again ${body} (br $again)) (i64.const 0))`;

/** Writes bytes that end in a new line, or not: what stands at 65,536 less so many. */
const write = (bytes: number, fd = 1) => `
  (i32.store (i32.const 0) (i32.const ${65_536 - bytes}))
  (i32.store (i32.const 4) (i32.const ${bytes}))
  (drop (call $fd_write (i32.const ${fd}) (i32.const 0) (i32.const 1) (i32.const 8)))`;
const ASK = "(drop (call $note (i64.const 0)))";
/** A sleep of no time, by a subscription of zeros: the realtime clock. */
const NAP = "(drop (call $poll_oneoff (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 8)))";

const GUEST = guest(
  '(import "env" "__note" (func $note (param i64) (result i64)))',
  wasiImport("fd_write"),
  wasiImport("poll_oneoff"),
  `(memory (export "memory") 2) (data (i32.const 65535) "\\n")`,
  '(func (export "__alloc_buffer") (param i32) (result i32) (i32.const 1024))',
  FREE,
  ECHO,
  endless("lines", write(1)),
  endless("bytes", `(i32.store8 (i32.const 65535) (i32.const 120)) ${write(1)}`),
  endless("chunks", write(65_000)),
  endless("both", write(1) + write(1, 2)),
  endless("naps", write(1) + NAP),
  endless("asks", ASK),
  endless("chatter", write(1) + ASK),
);

/** A guest writes in the same way, however it waits. */
const OUTPUT_FLOODS = [
  ["single bytes", "bytes"],
  ["empty lines", "lines"],
  ["chunks of 64 KiB, dropped beyond limits.outputBytes", "chunks"],
  ["chunks of 64 KiB without a limit", "chunks", Infinity],
  ["lines to stdout and stderr", "both"],
] as const;
const WAITING_FLOODS = [
  ["a line before each sleep of no time", "naps"],
  ["host calls", "asks"],
  ["a line before each host call", "chatter"],
] as const;

test.describe("a guest that floods the page", ALONE, () => {
  for (const [blocking, floods] of [
    ["jspi", WAITING_FLOODS],
    ["shared-memory", [...OUTPUT_FLOODS, ...WAITING_FLOODS]],
  ] as const) {
    for (const [what, name, outputBytes] of floods) {
      test(
        `with ${what} does not block it, and times out (${blocking})`,
        hostile({
          given: { bytes: GUEST, name, blocking, outputBytes, callMs: FLOOD_MS },
          attack: async ({ cloche, load, t, within }, given) => {
            const plugin = await load(given.bytes, {
              hostFunctions: { note: cloche.hostFunction([], t.unit, () => {}) },
              stdout: () => {},
              stderr: () => {},
              blocking: given.blocking,
              limits: {
                callMs: given.callMs,
                ...(given.outputBytes !== undefined && { outputBytes: given.outputBytes }),
              },
            });
            await within(given.callMs, plugin.function(given.name, [], t.unit)());
          },
          end: fails("PluginTimeoutError", /timed out after 400 ms/),
        }),
      );
    }
  }
});

const RAW_FLOODS = [
  ["a second ready", "ready", 'its worker sent a second "ready"'],
  ["noise", "noise", "its worker sent a message of unknown shape"],
  ["answers", "answers", "its worker sent a malformed reply to a call"],
  ["empty output", "output", "its worker sent more output than allowed, or faster"],
  ["full output", "full output", "its worker sent more output than allowed, or faster"],
  ["host calls", "host calls", "its worker sent a host call before the last one was answered"],
  ["errors", "errors", /its worker failed \(.*noise/],
] as const;

test.describe("a raw worker that floods the page", ALONE, () => {
  for (const [what, message, found] of RAW_FLOODS) {
    test(
      `with ${what} is terminated at the first message above the limit, and every call settles`,
      hostile({
        given: { bytes: GUEST, message },
        attack: async ({ cloche, load, t, within }, { bytes, message }) => {
          const plugin = await load(bytes, {
            worker: window.rawWorker({ act: "flood", message }),
            hostFunctions: { note: cloche.hostFunction([], t.unit, () => {}) },
            stdout: () => {},
          });
          await within(1000, plugin.function("echo", [t.string], t.string)("x"));
        },
        end: fails(
          "PluginClosedError",
          new RegExp(typeof found === "string" ? found : found.source),
        ),
      }),
    );
  }
});

test.describe("a page that floods a plugin", ALONE, () => {
  test(
    "with 10,000 file requests keeps responding",
    hostile({
      given: GUEST,
      attack: async ({ cloche, load, rest, t, until }, bytes) => {
        const plugin = await load(bytes, {
          hostFunctions: { note: cloche.hostFunction([], t.unit, () => {}) },
        });
        let answered = 0;
        for (let request = 0; request < 10_000; request++) {
          void plugin.files.exists("/x").then((exists) => (answered += Number(!exists)));
          // The page's own part in slices, so that a gap is not of its making.
          if (request % 250 === 0) await rest(0);
        }
        await until(() => answered === 10_000);
        return answered;
      },
      end: survives(10_000),
      deadlineMs: 30_000,
    }),
  );
});

test.describe("limits.requestsInFlight", () => {
  test(
    "rejects the request that exceeds it, and answers the others",
    hostile({
      given: GUEST,
      attack: async ({ cloche, load, rejection, t }, bytes) => {
        const { files } = await load(bytes, {
          hostFunctions: { note: cloche.hostFunction([], t.unit, () => {}) },
          limits: { requestsInFlight: 3 },
        });
        const asked = [files.exists("/"), files.exists("/a"), files.exists("/b")];
        const { name, fields } = await rejection(files.exists("/c"));
        return [
          await Promise.all(asked),
          name,
          fields["limit"],
          fields["value"],
          fields["allowed"],
        ];
      },
      end: survives([[true, false, false], "PluginLimitError", "requestsInFlight", 4, 3]),
    }),
  );
});

/** Fuzzes the host calls of a page with 300,000 messages over a real channel. */

import { describe, expect, test } from "vitest";
import { t } from "../codec/t.ts";
import { readAnswerText } from "../protocol/host-call-text.ts";
import { HostCallServer } from "../protocol/host-calls.ts";
import { HostileMessages } from "../protocol/hostile-messages.test-kit.ts";
import {
  Countdown,
  expectOften,
  LIMITS,
  SEED,
  TIMEOUT_MS,
  TIMES,
} from "../protocol/hostile-rounds.test-kit.ts";
import { turn, Wire, watched } from "../protocol/hostile-wire.test-kit.ts";
import { PageGuard } from "../protocol/page-guard.ts";
import { EventHub } from "./events/event-hub.ts";
import { HandleTable } from "./grants/handle-table.ts";
import { hostFunction } from "./grants/host-function.ts";
import { HostFunctionTable } from "./grants/host-function-table.ts";
import { lendFunctions } from "./grants/lent-functions.ts";

describe("a hostile worker", () => {
  test(
    "calls only the host functions of the table, one at a time, or is terminated",
    async () => {
      const chance = new HostileMessages(SEED + 1);
      const wire = new Wire();
      const counts = { breaches: 0, calls: 0, reads: 0, failures: 0 };
      let running = 0;
      let mostRunning = 0;
      const messages = new Countdown(50_000 * TIMES);
      const call = async () => {
        counts.calls += 1;
        mostRunning = Math.max(mostRunning, ++running);
        await Promise.resolve();
        running -= 1;
        return 1;
      };
      const functions = {
        add: hostFunction([t.u32], t.u32, call),
        log: hostFunction([t.string], t.u32, call),
      };
      const lent = lendFunctions(functions, undefined, new HandleTable(0, undefined));
      const stdin = () => {
        counts.reads += 1;
        return Promise.resolve(new Uint8Array(3));
      };

      const oneWorker = async () => {
        wire.reset();
        const table = new HostFunctionTable(lent, stdin, "test", LIMITS, new EventHub());
        const worker = { isEnded: false };
        const guard = new PageGuard(LIMITS);
        const breach = () => {
          worker.isEnded = true;
          counts.breaches += 1;
        };
        const server = new HostCallServer({
          post: (message, transfer) => wire.postMessage(message, transfer),
          functions: 2,
          hasStdin: true,
          isClosed: () => worker.isEnded,
          onIgnored: () => {},
          isRunning: () => true,
          answer: async (request) => {
            const result = await table.answer(request);
            if (result === undefined) counts.failures += 1;
            return result;
          },
          onBreach: breach,
          memory: undefined,
        });
        wire.addEventListener("message", ({ data }) => {
          if (worker.isEnded) return;
          const verdict = guard.judge(data);
          if (verdict.kind === "hostCall") server.receive(verdict.call);
          else breach();
        });
        const tickets: number[] = [];
        while (messages.take() && !(worker.isEnded && chance.often(40))) {
          wire.send(chance.nextCall(2, tickets));
          // Now and then it waits for the answer, as a worker of this library does.
          if (chance.often(70)) for (let step = 0; step < 12; step++) await Promise.resolve();
          for (const answer of wire.heard()) {
            const { ticket } = typeof answer === "string" ? readAnswerText(answer) : answer;
            tickets.push(Number(ticket));
          }
        }
      };

      await watched(async () => {
        while (messages.areLeft()) {
          await oneWorker();
          if (counts.breaches % 1000 === 0) await turn();
        }
        wire.close();
      });
      expect(mostRunning).toBe(1);
      expectOften(counts);
    },
    TIMEOUT_MS,
  );
});

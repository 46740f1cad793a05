/** Fuzzes the host calls of a page with 300,000 messages over a real channel. */

import { describe, expect, test } from "vitest";
import { t } from "../codec/t.ts";
import { serveHostCalls } from "../protocol/host-calls.ts";
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
      const messages = new Countdown(150_000 * TIMES);
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
        serveHostCalls(wire as unknown as MessagePort, {
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
          onBreach: () => {
            worker.isEnded = true;
            counts.breaches += 1;
          },
          sharedAnswers: undefined,
        });
        const tickets: number[] = [];
        while (messages.take() && !(worker.isEnded && chance.often(40))) {
          wire.send(chance.nextCall(2, tickets));
          // Now and then it waits for the answer, as a worker of this library does.
          if (chance.often(70)) for (let step = 0; step < 12; step++) await Promise.resolve();
          tickets.push(...wire.heard().map(({ ticket }) => Number(ticket)));
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

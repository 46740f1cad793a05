/** Fuzzes the worker's end of the channel with 100,000 messages over a real channel. */

import { expose } from "comlink";
import { expect, test } from "vitest";
import { guardedEndpoint, installTransferHandlers } from "./comlink-endpoint.ts";
import { HostileMessages } from "./hostile-messages.test-kit.ts";
import { expectOften, SEED, TIMEOUT_MS, TIMES } from "./hostile-rounds.test-kit.ts";
import { turn, Wire, watched } from "./hostile-wire.test-kit.ts";
import { isRequest } from "./messages.ts";
import { isWorkerMethod } from "./worker-api.ts";

test(
  "a page's messages call the worker's methods and reach nothing else there",
  async () => {
    installTransferHandlers();
    const chance = new HostileMessages(SEED + 2);
    const wire = new Wire();
    const reached = new Set<PropertyKey>();
    const counts = { calls: 0 };
    const refuse = () => {
      throw new Error("the worker's object is being changed");
    };
    const method = new Proxy(() => void (counts.calls += 1), {
      get: (target, name, receiver): unknown => {
        if (name !== "apply") reached.add(name);
        return Reflect.get(target, name, receiver);
      },
      set: refuse,
      construct: refuse,
    });
    const api: object = new Proxy(
      {},
      {
        get: (_target, name) => {
          reached.add(name);
          return method;
        },
        set: refuse,
        defineProperty: refuse,
        deleteProperty: refuse,
        setPrototypeOf: refuse,
      },
    );
    await watched(async () => {
      expose(api, guardedEndpoint(wire, { admits: isRequest }));
      for (let sent = 0; sent < 30_000 * TIMES; sent++) {
        wire.send(chance.often(50) ? chance.nextRequest() : chance.next(["1"]));
        if (sent % 1000 === 0) await turn();
      }
      wire.close();
    });
    expect([...reached].filter((name) => !isWorkerMethod(name))).toEqual([]);
    expectOften(counts);
  },
  TIMEOUT_MS,
);

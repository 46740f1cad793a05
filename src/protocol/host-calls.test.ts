import { afterEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { createHostCallMemory } from "./host-call-memory.ts";
import { endLook, isLookOver, leaveCall, startLooking, stopLooking } from "./host-call-slot.ts";
import { readAnswerText, readCallText } from "./host-call-text.ts";
import {
  HostCallServer,
  type HostCallService,
  PENDING,
  SuspendingCaller,
  WaitingCaller,
} from "./host-calls.ts";
import { type HostAnswer, type HostCall, type HostRequest, isPostedAnswer } from "./messages.ts";

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

/** A page that serves two host functions and a standard input, and answers when it is told to. */
function serving(options: Partial<HostCallService> = {}) {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const asked: { call: HostRequest; answer: (answer: HostAnswer) => void }[] = [];
  const breaches: string[] = [];
  let isClosed = false;
  const server = new HostCallServer({
    functions: 2,
    hasStdin: true,
    post: (message, transfer) => port1.postMessage(message, transfer),
    isClosed: () => isClosed,
    onIgnored: () => {},
    isRunning: () => true,
    answer: (call) => new Promise((answer) => asked.push({ call, answer })),
    onBreach: (found) => {
      isClosed = true;
      breaches.push(found);
    },
    memory: undefined,
    ...options,
  });
  port1.addEventListener("message", ({ data }: MessageEvent<HostCall | string>) => {
    const call = typeof data === "string" ? readCallText(data) : data;
    if (call !== undefined) server.receive(call);
  });
  port1.start();
  return { port: port2, server, asked, breaches };
}

const postTo = (port: MessagePort) => (message: HostCall | string, transfer: Transferable[]) =>
  port.postMessage(message, transfer);

/** A worker that is suspended while it waits. */
function suspendingCaller(port: MessagePort): SuspendingCaller {
  const caller = new SuspendingCaller(postTo(port));
  port.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (typeof data === "string") caller.takeAnswer(readAnswerText(data));
    else if (isPostedAnswer(data)) caller.takeAnswer(data);
  });
  port.start();
  return caller;
}

/** Long enough for messages in both directions. */
const delivered = () => new Promise((resolve) => setTimeout(resolve, 10));

const bytes = (...values: number[]) => new Uint8Array(values);

describe("host calls", () => {
  test("are made one at a time, each with the ticket of the answer before it", async () => {
    const { port, asked, breaches } = serving();
    const caller = suspendingCaller(port);
    const tickets = new Set<number>();
    for (const index of [0, 1, 1]) {
      const answered = caller.callFunction(1, index, bytes(index));
      await delivered();
      const next = asked.pop() as (typeof asked)[number];
      expect(next.call).toMatchObject({ kind: "function", index, args: bytes(index) });
      tickets.add((next.call as HostCall).ticket);
      next.answer(bytes(9));
      expect(await answered).toEqual(bytes(9));
    }
    expect([tickets.size, breaches]).toEqual([3, []]);
  });

  test("can be made while standard input is awaited", async () => {
    const { port, asked, breaches } = serving();
    const caller = suspendingCaller(port);
    const input = caller.readStdin();
    const first = caller.callFunction(1, 0, bytes());
    await delivered();
    asked[1]?.answer(bytes(1));
    expect(await first).toEqual(bytes(1));
    const second = caller.callFunction(1, 1, bytes());
    await delivered();
    asked[2]?.answer(undefined);
    expect(await second).toBeUndefined();
    asked[0]?.answer(bytes(2));
    expect([await input, breaches]).toEqual([bytes(2), []]);
  });

  test("by shared memory can read input without blocking, with one request, and keep late input", async () => {
    const memory = createHostCallMemory(1024);
    const { port, asked, breaches } = serving({ memory });
    const caller = new WaitingCaller(postTo(port), memory, () => performance.now());
    expect([caller.readStdin(0), caller.readStdin(5), caller.isReading]).toEqual([
      PENDING,
      PENDING,
      true,
    ]);
    await delivered();
    expect(asked.map(({ call }) => call.kind)).toEqual(["stdin"]);
    asked[0]?.answer(bytes(7));
    await delivered();
    expect([caller.readStdin(0), caller.isReading]).toEqual([bytes(7), false]);
    expect([caller.readStdin(0), breaches]).toEqual([PENDING, []]);
  });

  const call = { kind: "function", ticket: 0, run: 1, index: 0, args: bytes() };
  const read = { kind: "stdin", ticket: 0 };

  test.each([
    ["come before the last one was answered", [call, call]],
    ["come so for standard input", [read, read]],
    ["ask for two functions at once", [call, { ...call, index: 1 }]],
    ["show a ticket that nobody gave out", [{ ...call, ticket: 1 }]],
  ])("that %s are a breach, and nothing is asked of the page after it", async (_what, calls) => {
    const { port, asked, breaches } = serving();
    for (const each of [...calls, call, call]) port.postMessage(each);
    await delivered();
    expect(breaches).toEqual(["a host call before the last one was answered"]);
    expect(asked).toHaveLength(calls.length - 1);
  });

  test("cannot be forged before or right after an answer", async () => {
    const answers: HostRequest[] = [];
    const { port, breaches } = serving({
      answer: (asked) => {
        answers.push(asked);
        return Promise.resolve(bytes());
      },
    });
    for (let count = 0; count < 100; count++) port.postMessage(call);
    await delivered();
    expect([answers.length, breaches.length]).toEqual([1, 1]);
  });

  test("of a number that no function has are a breach", async () => {
    const { port, breaches } = serving();
    port.postMessage({ ...call, index: 2 });
    await delivered();
    expect(breaches).toEqual(["a call of no host function"]);
  });

  test("carry few bytes as text, and more as they are", async () => {
    const { port, asked } = serving();
    const posted: unknown[] = [];
    const caller = new SuspendingCaller((message) => posted.push(message));
    void caller.callFunction(3, 1, bytes(0, 32, 255, 1, 2));
    void caller.callFunction(3, 1, new Uint8Array(513));
    expect(posted[0]).toBe("0 3 1 \0 \u00ff\u0001\u0002");
    expect(posted[1]).toMatchObject({ kind: "function", args: new Uint8Array(513) });
    port.postMessage(posted[0]);
    await delivered();
    expect(asked.map((each) => each.call)).toMatchObject([
      { kind: "function", run: 3, index: 1, args: bytes(0, 32, 255, 1, 2) },
    ]);
  });

  test.each(["", "0 3 1", "0 3 -1 ", "0 3 1.5 ", "x 3 1 ", `0 3 1 ${"a".repeat(513)}`])(
    "are not read from %j",
    (text) => {
      expect(readCallText(text)).toBeUndefined();
    },
  );

  test("of a terminated worker are not answered, even if they still arrive", async () => {
    const onIgnored = vi.fn();
    const { port, asked, breaches } = serving({ isClosed: () => true, onIgnored });
    port.postMessage(call);
    port.postMessage(read);
    await delivered();
    expect([asked, breaches]).toEqual([[], []]);
    expect(onIgnored).toHaveBeenCalledTimes(2);
  });

  test("of a worker that is terminated meanwhile do not transfer their answer", async () => {
    let isClosed = false;
    const { port, asked } = serving({ isClosed: () => isClosed });
    const heard: unknown[] = [];
    port.addEventListener("message", ({ data }) => heard.push(data));
    port.start();
    port.postMessage(call);
    await delivered();
    isClosed = true;
    const input = new Uint8Array(8192);
    asked[0]?.answer(input);
    await delivered();
    expect([input.length, heard]).toEqual([8192, []]);
  });

  test("are accepted only from a running guest, except late requests for input", async () => {
    const { port, asked, breaches } = serving({ isRunning: () => false });
    port.postMessage(read);
    await delivered();
    expect([asked.length, breaches]).toEqual([1, []]);
    port.postMessage(call);
    await delivered();
    expect([asked.length, breaches]).toEqual([1, ["a host call of a guest that does not run"]]);
  });

  test("for standard input are rejected if there is none", async () => {
    const { port, breaches } = serving({ hasStdin: false });
    port.postMessage(read);
    await delivered();
    expect(breaches).toHaveLength(1);
  });

  describe("without a message, while the page looks for one,", () => {
    const add = { index: 1, args: bytes(7) };

    /** A page that answers the call of a message, and finds `next` when it looks for another. */
    async function finding(next: typeof add, options: Partial<HostCallService> = {}) {
      const memory = createHostCallMemory(1024);
      const answered: HostRequest[] = [];
      const serve = serving({
        memory,
        answer: (request) => {
          answered.push(request);
          return Promise.resolve(bytes(9));
        },
        ...options,
      });
      // The page's thread looks without a pause, so the call is left in the middle of it.
      const load = vi.spyOn(Atomics, "load") as unknown as MockInstance<() => number>;
      load.mockImplementationOnce(() => {
        load.mockRestore();
        expect(leaveCall(memory.slot, next)).toBe(true);
        return 0;
      });
      serve.server.receive({ kind: "function", ticket: 0, run: 1, index: 0, args: bytes() });
      for (let step = 0; step < 9; step++) await Promise.resolve();
      return { ...serve, answered };
    }

    test("are answered in the same task", async () => {
      const { answered, breaches } = await finding(add);
      expect(answered[1]).toEqual({ kind: "function", run: 1, ...add });
      expect([answered.length, breaches]).toEqual([2, []]);
    });

    test("are a breach if no function has their number, or their guest does not run", async () => {
      const numbered = await finding({ ...add, index: 2 });
      let asks = 0;
      const stray = await finding(add, { isRunning: () => ++asks === 1 });
      expect([numbered.breaches, stray.breaches]).toEqual([
        ["a call of no host function"],
        ["a host call of a guest that does not run"],
      ]);
    });

    test("are of the run that was answered: one that ends at once ends the look", async () => {
      const memory = createHostCallMemory(1024);
      const { server, breaches } = serving({ memory, answer: () => Promise.resolve(bytes(9)) });
      // The worker wakes here, before the page has done anything else.
      const notify = vi.spyOn(Atomics, "notify") as unknown as MockInstance<() => number>;
      const looked: boolean[] = [];
      notify.mockImplementationOnce(() => {
        looked.push(!isLookOver(memory.slot));
        endLook(memory.slot);
        looked.push(leaveCall(memory.slot, add));
        return 1;
      });
      server.receive({ kind: "function", ticket: 0, run: 1, index: 0, args: bytes() });
      for (let step = 0; step < 9; step++) await Promise.resolve();
      notify.mockRestore();
      expect([looked, breaches]).toEqual([[true, false], []]);
    });

    test("are posted when the page does not look, or another message was posted", () => {
      const memory = createHostCallMemory(1024);
      expect(leaveCall(memory.slot, add)).toBe(false);
      startLooking(memory.slot);
      endLook(memory.slot);
      expect([isLookOver(memory.slot), leaveCall(memory.slot, add)]).toEqual([true, false]);
      expect(stopLooking(memory.slot)).toBeUndefined();
    });

    test.each([
      ["more arguments than there is room for", [1, 4097]],
      ["a number below 0", [-1, 0]],
      ["a length below 0", [1, -1]],
    ])("are malformed with %s", (_what, words) => {
      const { slot } = createHostCallMemory(1024);
      startLooking(slot);
      expect(leaveCall(slot, add)).toBe(true);
      slot.control.set(words, 1);
      expect(stopLooking(slot)).toBe("malformed");
    });
  });
});

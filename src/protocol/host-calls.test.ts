import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type HostCallService,
  PENDING,
  SuspendingCaller,
  serveHostCalls,
  WaitingCaller,
} from "./host-calls.ts";
import type { HostAnswer, HostCall, HostRequest } from "./messages.ts";
import { createAnswersByKind } from "./shared-answers.ts";

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
  serveHostCalls(port1, {
    functions: 2,
    hasStdin: true,
    isClosed: () => isClosed,
    onIgnored: () => {},
    isRunning: () => true,
    answer: (call) => new Promise((answer) => asked.push({ call, answer })),
    onBreach: (found) => {
      isClosed = true;
      breaches.push(found);
    },
    sharedAnswers: undefined,
    ...options,
  });
  return { port: port2, asked, breaches };
}

/** Long enough for messages in both directions. */
const delivered = () => new Promise((resolve) => setTimeout(resolve, 10));

const bytes = (...values: number[]) => new Uint8Array(values);

describe("host calls", () => {
  test("are made one at a time, each with the ticket of the answer before it", async () => {
    const { port, asked, breaches } = serving();
    const caller = new SuspendingCaller(port);
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
    const caller = new SuspendingCaller(port);
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
    const sharedAnswers = createAnswersByKind(1024);
    const { port, asked, breaches } = serving({ sharedAnswers });
    const caller = new WaitingCaller(port, sharedAnswers, () => performance.now());
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

  test.each([
    ["of a number that no function has", { ...call, index: 2 }],
    ["with no bytes", { ...call, args: "text" }],
    ["that are no calls", { hello: "page" }],
  ])("%s are a breach", async (_what, message) => {
    const { port, breaches } = serving();
    port.postMessage(message);
    await delivered();
    expect(breaches).toEqual(["a message that is no host call"]);
  });

  test("of a terminated worker are not answered, even if they still arrive", async () => {
    const onIgnored = vi.fn();
    const { port, asked, breaches } = serving({ isClosed: () => true, onIgnored });
    port.postMessage(call);
    port.postMessage("anything");
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

  test("of a terminated worker are not deserialized", () => {
    const port = Object.assign(new EventTarget(), { start: () => {} });
    serveHostCalls(port as unknown as MessagePort, {
      functions: 0,
      hasStdin: true,
      isClosed: () => true,
      onIgnored: () => {},
      isRunning: () => true,
      answer: () => Promise.resolve(undefined),
      onBreach: () => {},
      sharedAnswers: undefined,
    });
    const event = new MessageEvent("message");
    const look = vi.spyOn(event, "data", "get");
    port.dispatchEvent(event);
    expect(look).not.toHaveBeenCalled();
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
});

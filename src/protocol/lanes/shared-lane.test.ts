import { describe, expect, test, vi } from "vitest";
import { DEFAULT_LIMITS } from "../../limits.ts";
import { HostileMessages } from "../hostile-messages.test-kit.ts";
import type { CallReply, GuestCall } from "./call-lane.ts";
import { createCallMemory, WORD, workerView } from "./call-memory.ts";
import { MessageLane } from "./message-lane.ts";
import { SHARED_REPLY, SharedLane } from "./shared-lane.ts";

const limits = { ...DEFAULT_LIMITS, messageBytes: 64 };

/** The page's end of a lane, and the memory as a worker has it. */
function opened() {
  const memory = createCallMemory();
  const posted: unknown[] = [];
  const breaches: string[] = [];
  const results: number[] = [];
  const onReplies = (replies: readonly CallReply[]) => {
    for (const { end } of replies) results.push("result" in end ? (end.result[0] ?? -1) : -2);
  };
  const lane: SharedLane = new SharedLane({
    memory,
    messages: new MessageLane((message) => void posted.push(message), onReplies),
    limits,
    post: (message) => void posted.push(message),
    onShared: () => {},
    onReplies,
    onBreach: (found) => {
      breaches.push(found);
      lane.close();
    },
  });
  const worker = workerView(memory);
  const reply = (head: number, payload: Uint8Array) => {
    worker.replies.write(head, payload);
    worker.replies.publish();
    Atomics.notify(worker.words, WORD.repliesWritten);
  };
  return { lane, memory, worker, reply, posted, breaches, results };
}

const call = (index: number, length = 8): GuestCall => ({
  index,
  ...{ args: new Uint8Array(length), bufferBytes: length },
  timeoutMs: Infinity,
});
const result = (value: number) => ({
  end: { result: Uint8Array.of(value), isOwned: true },
  fuelUsed: 0,
});

describe("the page's end of shared memory", () => {
  test("asks a worker that is away to come, once, and writes the calls of a task together", async () => {
    const { lane, worker, posted } = opened();
    lane.send(call(5), true);
    lane.send(call(6), true);
    expect(worker.calls.next()).toBe(false);
    await Promise.resolve();
    lane.send(call(7), true);
    await Promise.resolve();
    const heads: number[] = [];
    for (; worker.calls.next(); worker.calls.advance()) heads.push(worker.calls.head);
    expect([posted, heads]).toEqual([[{ ring: true }], [5, 6, 7]]);
    lane.close();
  });

  test("hears of replies that come later", async () => {
    const { lane, reply, results, breaches } = opened();
    lane.send(call(1), true);
    lane.send(call(2), true);
    lane.flush();
    reply(SHARED_REPLY.result, Uint8Array.of(1));
    await vi.waitFor(() => expect(results).toEqual([1]));
    reply(SHARED_REPLY.result, Uint8Array.of(2));
    await vi.waitFor(() => expect(results).toEqual([1, 2]));
    expect(breaches).toEqual([]);
    lane.close();
  });

  test("keeps the order when a reply in the middle comes by message", () => {
    const { lane, reply, results } = opened();
    for (const index of [1, 2, 3]) lane.send(call(index), true);
    lane.flush();
    reply(SHARED_REPLY.result, Uint8Array.of(1));
    reply(SHARED_REPLY.byMessage, new Uint8Array());
    reply(SHARED_REPLY.result, Uint8Array.of(3));
    lane.drain();
    expect(results).toEqual([1]);
    lane.settle([result(2)]);
    expect(results).toEqual([1, 2, 3]);
    lane.close();
  });

  test("sends a large call by message, and nothing beside it", () => {
    const { lane, posted, results } = opened();
    expect(lane.hasRoomFor(call(1, 5000), 1)).toBe(false);
    expect(lane.hasRoomFor(call(1, 5000), 0)).toBe(true);
    lane.send(call(1, 5000), true);
    lane.flush();
    expect(posted).toMatchObject([{ calls: expect.any(Uint8Array) }]);
    expect(lane.hasRoomFor(call(2), 1)).toBe(false);
    lane.settle([result(1)]);
    expect([results, lane.hasRoomFor(call(2), 0)]).toEqual([[1], true]);
  });

  test.each<[string, (reply: ReturnType<typeof opened>["reply"]) => void, string]>([
    [
      "more replies than calls",
      (reply) => [1, 2].map((value) => reply(0, Uint8Array.of(value))),
      "a reply to no call",
    ],
    [
      "a result that is too long",
      (reply) => reply(0, new Uint8Array(65)),
      "a malformed reply to a call",
    ],
    ["a reply of no kind", (reply) => reply(9, new Uint8Array()), "a malformed reply to a call"],
  ])("takes %s for a breach", (_what, send, found) => {
    const { lane, reply, breaches } = opened();
    lane.send(call(1), true);
    lane.flush();
    send(reply);
    lane.drain();
    expect(breaches).toEqual([found]);
  });

  test.each<[string, number, boolean, readonly CallReply[]]>([
    ["a message for a reply that is due in memory", 1, false, [result(1)]],
    ["two for one", 1, true, [result(1), result(2)]],
  ])("takes %s for a breach", (_what, calls, isMarked, replies) => {
    const { lane, reply, breaches } = opened();
    for (let index = 0; index < calls; index++) lane.send(call(index), true);
    lane.flush();
    if (isMarked) reply(SHARED_REPLY.byMessage, new Uint8Array());
    lane.drain();
    lane.settle(replies);
    expect(breaches).toEqual(["replies out of their place"]);
  });

  test("ends a worker that wakes it again and again for nothing", async () => {
    const { lane, worker, breaches } = opened();
    lane.send(call(1), true);
    lane.flush();
    for (let wakes = 0; wakes < 100_000 && breaches.length === 0; wakes++) {
      Atomics.notify(worker.words, WORD.repliesWritten);
      await new Promise((resolve) => void setImmediate(resolve));
    }
    expect(breaches).toEqual(["no reply, again and again"]);
  }, 60_000);

  test("throws nothing and takes no more replies than calls, whatever a worker writes", () => {
    const chance = new HostileMessages(3);
    let taken = 0;
    for (let round = 0; round < 3000; round++) {
      const { lane, memory, worker, breaches, results } = opened();
      const calls = chance.below(5);
      for (let index = 0; index < calls; index++) lane.send(call(index), true);
      lane.flush();
      const ring = new Uint32Array(memory.replies);
      for (let step = 0; step < 5; step++) {
        const word = chance.one(Object.values(WORD));
        worker.words[word] = chance.often(60) ? chance.below(64) : chance.below(2 ** 32);
        ring[chance.below(16)] = chance.below(20);
        lane.drain();
      }
      expect(results.length).toBeLessThanOrEqual(calls);
      expect(breaches.length).toBeLessThanOrEqual(1);
      taken += results.length;
      lane.close();
    }
    expect(taken).toBeGreaterThan(0);
  });
});

import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../limits.ts";
import type { CallReply } from "./call-lane.ts";
import { createCallMemory } from "./call-memory.ts";
import { MessageLane, ServedMessageLane } from "./message-lane.ts";
import { ServedRings } from "./served-rings.ts";
import { SharedLane } from "./shared-lane.ts";

/** Both ends of a lane in one thread, whose messages arrive when the test says so. */
function connected(onCall: (index: number) => Uint8Array | Promise<Uint8Array>) {
  const memory = createCallMemory();
  const served: unknown[] = [];
  const results: number[] = [];
  const posted: object[] = [];
  let [sent, received] = [0, 0];
  const post = (message: object) => {
    sent += 1;
    lane.announce(sent);
    posted.push(message);
  };
  const onReplies = (replies: readonly CallReply[]) => {
    for (const { end } of replies) results.push("result" in end ? (end.result[0] ?? -1) : -2);
  };
  const lane: SharedLane = new SharedLane({
    memory,
    messages: new MessageLane(post, onReplies),
    limits: DEFAULT_LIMITS,
    post,
    onShared: () => {},
    onReplies,
    onBreach: (found) => void served.push(found),
  });
  const run = ({ index }: { index: number }) => {
    served.push(index);
    return onCall(index);
  };
  const messages = new ServedMessageLane({
    post: () => {},
    onCall: run,
    isFatal: () => false,
    fuelUsed: () => 0,
    mayGather: () => false,
    takeChanges: () => undefined,
    nowMs: () => performance.now(),
    nextTask: () => new Promise((resolve) => void setImmediate(resolve)),
  });
  const rings = new ServedRings({
    memory,
    messages,
    onCall: run,
    isFatal: () => false,
    nextRun: () => 1,
    hasPosted: () => false,
    takeChanges: () => undefined,
    messagesReceived: () => received,
    nowMs: () => performance.now(),
    nextTask: () => new Promise((resolve) => void setImmediate(resolve)),
  });
  const call = (index: number) => {
    lane.send({ index, args: new Uint8Array(8), bufferBytes: 8, timeoutMs: Infinity }, true);
  };
  /** Lets the next message arrive. */
  const arrive = () => {
    received += 1;
    const message = posted.shift();
    if (message !== undefined && "ring" in message) rings.run();
    else served.push(message);
  };
  return { lane, rings, call, post, arrive, served, results };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

describe("the worker's end of shared memory", () => {
  test("runs the calls that are there in their order, and then waits no longer than a while", () => {
    const { lane, call, arrive, served, results } = connected((index) => Uint8Array.of(index));
    for (const index of [1, 2, 3]) call(index);
    lane.flush();
    arrive();
    lane.drain();
    expect([served, results]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    lane.close();
  });

  test("runs a call after the messages before it, and before those after it", async () => {
    const { lane, call, post, arrive, served } = connected((index) => Uint8Array.of(index));
    post({ message: "before" });
    call(1);
    lane.flush();
    post({ message: "after" });
    call(2);
    lane.flush();
    arrive();
    arrive();
    expect(served).toEqual([{ message: "before" }, 1]);
    arrive();
    await settled();
    expect(served).toEqual([{ message: "before" }, 1, { message: "after" }, 2]);
    lane.close();
  });

  test("goes on after a guest that was suspended", async () => {
    const { lane, call, arrive, results } = connected(async (index) => Uint8Array.of(index));
    for (const index of [1, 2]) call(index);
    lane.flush();
    arrive();
    await settled();
    lane.drain();
    expect(results).toEqual([1, 2]);
    lane.close();
  });
});

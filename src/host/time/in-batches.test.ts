import { expect, test } from "vitest";
import { inBatches } from "./in-batches.ts";

test("many items are handled in order, a thousand per task, the first ones at once", async () => {
  const items = Array.from({ length: 2500 }, (_, index) => index);
  const done: number[] = [];
  const finished = inBatches(items, (item) => done.push(item));
  const atOnce = done.length;
  await finished;
  expect([atOnce, done]).toEqual([1000, items]);
});

test("a few items are handled before it returns", () => {
  const done: string[] = [];
  void inBatches(["a", "b"], (item) => done.push(item));
  expect(done).toEqual(["a", "b"]);
});

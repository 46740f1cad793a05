import { expect, test } from "vitest";
import { inBatches } from "./in-batches.ts";

test("Many items are done in their order, a thousand in each turn, the first ones at once", async () => {
  const items = Array.from({ length: 2500 }, (_, index) => index);
  const done: number[] = [];
  const finished = inBatches(items, (item) => done.push(item));
  const atOnce = done.length;
  await finished;
  expect([atOnce, done]).toEqual([1000, items]);
});

test("Few items are done before it returns", () => {
  const done: string[] = [];
  void inBatches(["a", "b"], (item) => done.push(item));
  expect(done).toEqual(["a", "b"]);
});

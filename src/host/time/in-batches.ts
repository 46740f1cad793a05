import { taskWaiter } from "../../protocol/next-task.ts";

/** Items of one batch. Settling a call takes some 5 µs, with those who wait for it. */
const BATCH_SIZE = 1000;

/** Handles many items in order, and lets the browser do other things between batches. The first batch is handled at once. */
export async function inBatches<T>(items: readonly T[], use: (item: T) => void): Promise<void> {
  const nextTask = taskWaiter();
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % BATCH_SIZE === 0) await nextTask();
    use(item);
  }
}

/** What a page hears of in one turn. Settling a call takes some 5 µs, with those who wait for it. */
const BATCH_SIZE = 1000;

/**
 * Does something with each of many items, in their order, and lets the browser do other things in
 * between. The first of them are done at once.
 */
export async function inBatches<T>(items: readonly T[], use: (item: T) => void): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % BATCH_SIZE === 0) await nextTask();
    use(item);
  }
}

/** A timer would take milliseconds. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

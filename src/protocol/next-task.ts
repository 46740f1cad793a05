/**
 * Creates a function that waits for a task of its own: by then the messages that have arrived so far
 * are handled. A timer would take milliseconds.
 *
 * @param Channels `MessageChannel`, for a worker that is about to lose it.
 */
export function taskWaiter(Channels: typeof MessageChannel = MessageChannel): () => Promise<void> {
  return () =>
    new Promise((resolve) => {
      const { port1, port2 } = new Channels();
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a worker that is locked down has no other
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(0);
    });
}

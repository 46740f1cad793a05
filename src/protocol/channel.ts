/** One end of a channel: a `Worker`, a worker's own global, or a `MessagePort`. */
export interface Channel {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<unknown>) => void): void;
}

/** A port as a channel with one listener. Works in a locked down worker, too, whose ports have no `addEventListener`. */
export function portChannel(port: MessagePort): Channel {
  return {
    postMessage: (message, transfer) => port.postMessage(message, transfer),
    addEventListener: (_type, listener) => {
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- which is gone
      port.onmessage = listener;
    },
  };
}

/** One end of a channel: a `Worker`, a worker's own global, or a `MessagePort`. */
export interface Channel {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<unknown>) => void): void;
}

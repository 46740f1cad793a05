/**
 * The Comlink side of the channel: an endpoint that lets only known shapes pass, and handlers that
 * move bytes and keep errors whole.
 *
 * Comlink walks whatever property path a message names and revives whatever handler a reply names.
 * The guard stands before it, so neither a page nor a worker can be talked into more than the
 * table in `worker-api.ts`.
 */

import { type Endpoint, transferHandlers } from "comlink";
import { postedBytes } from "./bytes-transfer.ts";
import type { Channel } from "./channel.ts";
import { BYTES_HANDLER, THROW_HANDLER } from "./messages.ts";
import { toWireError, type WireError } from "./wire-error.ts";

/** Stands before Comlink. */
export interface Guard {
  /** Whether Comlink may see a message. What it may not is the guard's alone. */
  admits(data: unknown): boolean;
  /** Whether no further message is to be looked at. */
  isClosed?(): boolean;
  /** Told of each message that was sent. */
  sent?(message: unknown): void;
}

type Listener = Parameters<Endpoint["addEventListener"]>[1];

/** Makes a Comlink endpoint of a channel, with the guard before it. */
export function guardedEndpoint(channel: Channel, guard: Guard): Endpoint {
  const listeners = new Set<Listener>();
  channel.addEventListener("message", (event) => {
    // Before `data`, which a browser only makes of what was posted when somebody looks at it.
    if (guard.isClosed?.() === true || !guard.admits(event.data)) return;
    for (const listener of listeners) {
      if (typeof listener === "function") listener(event);
      else listener.handleEvent(event);
    }
  });
  return {
    postMessage: (message: unknown, transfer: Transferable[] = []) => {
      channel.postMessage(message, transfer);
      guard.sent?.(message);
    },
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
  };
}

/** An error as it came off the wire; whoever asked gives it its class and its plugin's name. */
export class ThrownOnWire extends Error {
  readonly wire: WireError;

  constructor(wire: WireError) {
    super(wire.message);
    this.wire = wire;
  }
}

/**
 * Teaches this bundle's copy of Comlink to move bytes and to keep errors whole. Idempotent; both
 * threads call it before they talk.
 */
export function installTransferHandlers(): void {
  if (transferHandlers.has(BYTES_HANDLER)) return;
  transferHandlers.set(BYTES_HANDLER, {
    canHandle: (value): value is Uint8Array => value instanceof Uint8Array,
    serialize: (value: Uint8Array) => {
      const { bytes, transfer } = postedBytes(value);
      return [bytes, transfer];
    },
    deserialize: (bytes: Uint8Array) => bytes,
  });

  const thrown = transferHandlers.get(THROW_HANDLER);
  if (thrown === undefined) throw new TypeError('Cannot find Comlink handler "throw"');
  transferHandlers.set(THROW_HANDLER, {
    canHandle: (value): value is unknown => thrown.canHandle(value),
    serialize: ({ value }: { value: unknown }) => [toWireError(value), []],
    deserialize: (wire: WireError) => {
      throw new ThrownOnWire(wire);
    },
  });
}

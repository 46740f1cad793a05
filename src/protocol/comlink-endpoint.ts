/**
 * Comlink's end of a channel: an endpoint that passes only messages of known shapes, and handlers that
 * transfer bytes and keep errors complete.
 *
 * Comlink walks any property path that a message names, and runs any handler that a reply names. So a
 * guard checks each message before Comlink sees it: nothing but the methods of `WorkerApi` can be
 * called.
 */

import { type Endpoint, transferHandlers } from "comlink";
import { postedBytes } from "./bytes-transfer.ts";
import type { Channel } from "./channel.ts";
import { BYTES_HANDLER, THROW_HANDLER } from "./messages.ts";
import { toWireError, type WireError } from "./wire-error.ts";

/** Checks messages before Comlink sees them. */
export interface Guard {
  /** Whether Comlink may see a message. */
  admits(data: unknown): boolean;
  /** Whether further messages are dropped. */
  isClosed?(): boolean;
  /** Called with each message that was sent. */
  sent?(message: unknown): void;
}

type Listener = Parameters<Endpoint["addEventListener"]>[1];

/** Creates a Comlink endpoint for a channel, with a guard in front of it. */
export function guardedEndpoint(channel: Channel, guard: Guard): Endpoint {
  const listeners = new Set<Listener>();
  channel.addEventListener("message", (event) => {
    // Before `data`, since a browser deserializes a message only when it is read.
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

/** An error as it was received. `fromWireError` gives it its class and its plugin's name. */
export class ThrownOnWire extends Error {
  readonly wire: WireError;

  constructor(wire: WireError) {
    super(wire.message);
    this.wire = wire;
  }
}

/**
 * Makes this bundle's copy of Comlink transfer bytes and keep errors complete. Idempotent; both threads
 * call it before they connect.
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

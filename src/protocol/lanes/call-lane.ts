/**
 * The way that calls of guest functions travel between page and worker. `host` and `worker` use only
 * this, so that faster lanes can be added.
 */

/** A call on its way. */
export interface GuestCall {
  readonly name: string;
  /** Encoded arguments; given up. */
  readonly args: Uint8Array;
  /**
   * How long it may run, in milliseconds. The page interrupts it then; a worker that counts its
   * guest's fuel stops it also where the page cannot.
   */
  readonly timeoutMs: number;
}

/** The page's end. */
export interface CallLane {
  /**
   * Carries one call to the guest and its result back. The files that it has changed are known to the
   * page by then.
   *
   * @returns The encoded result, owned by the caller.
   * @throws {ThrownOnWire} what the worker raised.
   */
  call(call: GuestCall): Promise<Uint8Array>;
}

/** The worker's end hands it each call that arrives. Calls come one at a time. */
export type CallHandler = (call: GuestCall) => Uint8Array | Promise<Uint8Array>;

/** The way that guest calls travel. `host` and `worker` know no other, so that faster ones can be added. */
export interface CallLane {
  /**
   * Carries one call to the guest and its result back.
   *
   * @param args Encoded arguments; given up.
   * @param timeoutMs How long the worker lets it run, where the page cannot interrupt it. Default: for ever.
   * @returns The encoded result, owned by the caller.
   */
  call(name: string, args: Uint8Array, timeoutMs?: number): Promise<Uint8Array>;
}

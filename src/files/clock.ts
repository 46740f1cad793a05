/** Where the time comes from; injected, so that a run can be made deterministic. */
export interface Clock {
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  realtimeNs(): bigint;
  /** Nanoseconds since any fixed moment; never goes back. */
  monotonicNs(): bigint;
  /** The step of both clocks in nanoseconds, at least 1. */
  readonly resolutionNs: bigint;
}

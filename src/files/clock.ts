/** A source of time. Callers pass one in, so that a run can be deterministic. */
export interface Clock {
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  realtimeNs(): bigint;
  /** Nanoseconds since an arbitrary fixed moment. Never decreases. */
  monotonicNs(): bigint;
  /** The resolution of both clocks in nanoseconds, at least 1. */
  readonly resolutionNs: bigint;
}

import type { Isolation } from "./worker-choice.ts";

/** What differs between the places that the host runs in, but for threads: see {@link Threads}. */
export interface Environment {
  readonly isolations: readonly Isolation[];
  /** Whether the host and its workers can share memory. */
  readonly canShareMemory: boolean;
  /** Whether a worker that is busy or waits ends within a moment when it is terminated. */
  readonly terminatesAtOnce: boolean;
  /** The number of the machine's cores. */
  readonly cores: number;
  /** Whether something can hold the files of mounts for longer than a plugin lives, and what it is. */
  readonly lastingFiles: { readonly isThere: boolean; readonly effect: string };
  fetch(address: string | URL, signal: AbortSignal): Promise<Response>;
}

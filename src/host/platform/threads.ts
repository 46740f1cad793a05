import type { PluginThread } from "./plugin-thread.ts";
import type { WorkerChoice } from "./worker-choice.ts";

/** Starts the threads that plugins live in. */
export interface Threads {
  /** Whether it can start one without being given a script: `cloche/slim` cannot. */
  readonly hasScript: boolean;
  /** Starts one. Throws what the platform throws when it refuses at once. */
  start(choice: WorkerChoice): PluginThread;
  /** Told when a plugin has been loaded: a thread may be kept for the next one. */
  keepSpare(choice: WorkerChoice): void;
  /** To be called before one is started. */
  watchStart(choice: WorkerChoice): StartWatch;
}

/** Follows the start of one thread, to say why it failed. */
export interface StartWatch {
  stop(): void;
  /**
   * Says why the thread did not start.
   *
   * @param found The platform's own words; empty where it gave none.
   * @param thrown What starting the thread threw, if it did.
   */
  explain(found: string, thrown: unknown): string;
}

import workerSource from "#worker-source";
import type { Threads } from "../threads.ts";
import { BrowserStartWatch } from "./start-watch.ts";
import { startWorker } from "./start-worker.ts";

/** Workers of a page. */
export const threads: Threads = {
  hasScript: workerSource !== "",
  start: startWorker,
  watchStart: (choice) => new BrowserStartWatch(choice),
};

import workerSource from "#worker-source";
import type { Threads } from "../threads.ts";
import { BrowserStartWatch } from "./start-watch.ts";
import { keepSpare, startWorker } from "./start-worker.ts";

/** Workers of a page. */
export const threads: Threads = {
  hasScript: workerSource !== "",
  start: startWorker,
  keepSpare,
  watchStart: (choice) => new BrowserStartWatch(choice),
};

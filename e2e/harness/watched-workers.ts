/** Knows the workers of the page, whoever creates them, and counts their messages. */

/** The workers of the page that have work, and that nobody has terminated: not the spare one. */
export const workers = new Set<Worker>();

/** How many messages the page has sent to them. */
let sent = 0;

/** The browser's own class. */
let BrowserWorker: typeof Worker | undefined;

/** Watches every worker that the page creates from now on. */
export function watchWorkers(): void {
  BrowserWorker = window.Worker;
  window.Worker = class extends BrowserWorker {
    #isTerminated = false;

    constructor(script: string | URL, options?: WorkerOptions) {
      super(script, options);
      if (options?.name !== "cloche, spare") workers.add(this);
    }

    override postMessage(message: { rehearse?: true }, ...rest: [never]): void {
      // Whether one rehearses depends on the time.
      if (message?.rehearse !== true && !this.#isTerminated) {
        workers.add(this);
        sent += 1;
      }
      super.postMessage(message, ...rest);
    }

    override terminate(): void {
      this.#isTerminated = true;
      workers.delete(this);
      super.terminate();
    }
  };
}

/** Starts a worker that is not watched: a part of the harness. */
export function startUnwatched(script: string): Worker {
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return new (BrowserWorker ?? Worker)(address);
}

/** Counts messages from now on. */
interface MessageWatch {
  sent(): number;
}

/**
 * Counts the messages to all workers of the page that nobody has terminated, from now on. Comlink sends one to
 * a terminated worker when its proxy is collected.
 */
export function watchMessages(): MessageWatch {
  const before = sent;
  return { sent: () => sent - before };
}

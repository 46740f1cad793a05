/** Knows the workers of the page, whoever creates them, and counts their messages. */

/** The workers of the page that nobody has terminated. */
export const workers = new Set<Worker>();

/** The browser's own class. */
let BrowserWorker: typeof Worker | undefined;

/** Watches every worker that the page creates from now on. */
export function watchWorkers(): void {
  BrowserWorker = window.Worker;
  window.Worker = class extends BrowserWorker {
    constructor(script: string | URL, options?: WorkerOptions) {
      super(script, options);
      workers.add(this);
    }

    override terminate(): void {
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

/** How many messages the page has sent to its running workers since the watch began. */
interface MessageWatch {
  sent(): number;
  /** Ends the watch. */
  end(): number;
}

/**
 * Counts the messages to all workers of the page that nobody has terminated, from now on. Comlink sends one to
 * a terminated worker when its proxy is collected.
 */
export function watchMessages(): MessageWatch {
  const { prototype } = Worker;
  let sent = 0;
  // The watched class has none of its own: it inherits the browser's.
  prototype.postMessage = function postMessage(this: Worker, ...args: [never]) {
    if (workers.has(this)) sent += 1;
    Object.getPrototypeOf(prototype).postMessage.apply(this, args);
  };
  return {
    sent: () => sent,
    end: () => {
      Reflect.deleteProperty(prototype, "postMessage");
      return sent;
    },
  };
}

/** Knows the workers of the page, whoever creates them. */

/** The workers of the page that nobody has terminated. */
export const workers = new Set<Worker>();

/** Watches every worker that the page creates from now on. */
export function watchWorkers(): void {
  window.Worker = class extends Worker {
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

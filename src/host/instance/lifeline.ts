/** Notices that another script has terminated a worker, of which no event tells. */

export class Lifeline {
  readonly #name: string = `cloche:${Math.random()}:${Date.now()}`;
  readonly #watch: AbortController = new AbortController();

  /**
   * Has the worker hold a lock, and waits in line for it: the browser gives it to the page when the worker
   * is gone. A worker that ends before it holds its lock fails by `limits.loadMs`. Never rejects.
   *
   * @param hold Asks the worker. Resolves to whether it holds the lock.
   */
  async watch(hold: (name: string) => Promise<boolean>, onLost: () => void): Promise<void> {
    try {
      if (!(await hold(this.#name))) return;
      await navigator.locks.request(this.#name, { signal: this.#watch.signal }, onLost);
    } catch {
      // This side terminated the worker; or locks are forbidden here, and limits remain.
    }
  }

  stop(): void {
    this.#watch.abort();
  }
}

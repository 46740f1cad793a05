/** A worker that is started before a plugin needs it: most of a load is the start of its worker. */

import { REHEARSAL } from "../../../protocol/messages.ts";
import { startTimer } from "../../time/timer.ts";

/** When it is started, after a load: what the plugin was loaded for goes first. */
const START_AFTER_MS = 50;

/**
 * How long it waits for a plugin. Pages load several within seconds, or one for each run of a program;
 * and a test that waits for a page's workers to end has 5 s for it by Playwright's default.
 */
const WAIT_MS = 3000;

/** At most one worker, which has run the script and loaded nothing but a guest of its own. */
export class SpareWorker {
  #script = "";
  #worker: Worker | undefined;
  /** The worker's first message, which tells that its script has run. */
  #ready: MessageEvent<unknown> | undefined;
  #listening: AbortController = new AbortController();
  #stopTimer: () => void = () => {};

  /** Has one of the script, its address or its text, wait for a while, from soon on. */
  keep(script: string, start: () => Worker): void {
    this.#stopTimer();
    if (script !== this.#script) this.#end();
    this.#script = script;
    this.#stopTimer = startTimer(START_AFTER_MS, () => this.#start(start));
  }

  /** The worker that waits, if it is one of the script. */
  take(script: string): Worker | undefined {
    const [worker, ready] = [this.#worker, this.#ready];
    if (worker === undefined || script !== this.#script) return undefined;
    this.#stopTimer();
    this.#forget();
    // The taker hears of it as from a worker that it has started.
    if (ready !== undefined) queueMicrotask(() => worker.dispatchEvent(ready));
    return worker;
  }

  #start(start: () => Worker): void {
    this.#stopTimer = startTimer(WAIT_MS, () => this.#end());
    if (this.#worker !== undefined) return;
    try {
      this.#worker = start();
    } catch {
      // The next load starts its own, and throws the error.
      return;
    }
    const options = { once: true, signal: this.#listening.signal };
    const onReady = ({ data }: MessageEvent<unknown>) => {
      this.#ready = new MessageEvent("message", { data });
    };
    const onError = (event: Event) => {
      event.preventDefault();
      this.#end();
    };
    this.#worker.addEventListener("message", onReady, options);
    this.#worker.addEventListener("error", onError, options);
    this.#worker.postMessage(REHEARSAL, []);
  }

  #end(): void {
    this.#worker?.terminate();
    this.#forget();
  }

  #forget(): void {
    this.#listening.abort();
    this.#listening = new AbortController();
    this.#worker = undefined;
    this.#ready = undefined;
  }
}

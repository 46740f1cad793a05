/** Standard input that a person types: text waits for the program, or the program for text. */

import { type ReadonlySignal, signal } from "@preact/signals";

export class InputQueue {
  readonly #isAwaited = signal(false);
  readonly #waiting: string[] = [];
  #isEnded = false;
  #reader: ((piece: string | null) => void) | undefined;

  /** Whether the program waits for input now. */
  get isAwaited(): ReadonlySignal<boolean> {
    return this.#isAwaited;
  }

  /** The option `stdin` of the next program. What was typed for the one before is dropped. */
  start(): () => Promise<string | null> {
    this.#waiting.length = 0;
    this.#isEnded = false;
    this.#settle(null);
    return () => this.#read();
  }

  send(text: string): void {
    if (this.#isEnded || text === "") return;
    this.#waiting.push(text);
    this.#answer();
  }

  /** Tells the program that there is no more input, as Ctrl-D does. */
  end(): void {
    this.#isEnded = true;
    this.#answer();
  }

  #read(): Promise<string | null> {
    const { promise, resolve } = Promise.withResolvers<string | null>();
    this.#reader = resolve;
    this.#isAwaited.value = true;
    this.#answer();
    return promise;
  }

  #answer(): void {
    if (this.#reader === undefined) return;
    if (this.#waiting.length === 0 && !this.#isEnded) return;
    this.#settle(this.#waiting.length === 0 ? null : this.#waiting.splice(0).join(""));
  }

  #settle(piece: string | null): void {
    this.#isAwaited.value = false;
    this.#reader?.(piece);
    this.#reader = undefined;
  }
}

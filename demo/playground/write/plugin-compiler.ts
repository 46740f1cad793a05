/** Compiles the newest source in a worker, and starts another worker when a compiler dies. */

import type { CompileRequest, CompileResult, CompilerMessage } from "./compiler-messages.ts";
import type { LanguageId } from "./write-language.ts";

export interface CompilerEvents {
  /** A compiler is fetched: for the first time, or after it crashed. */
  readonly onFetch: (request: CompileRequest) => void;
  readonly onCompile: (request: CompileRequest) => void;
  /** Of the newest source; results of older ones are dropped. */
  readonly onResult: (request: CompileRequest, result: CompileResult) => void;
  /** The compiler crashed or hung, in words. The next source is compiled by a fresh one. */
  readonly onCrash: (request: CompileRequest, message: string) => void;
}

/** A source that takes longer hangs the compiler; the first one is fetched over a slow network. */
const COMPILE_MS = 30_000;
const FETCH_MS = 180_000;

export class PluginCompiler {
  readonly #events: CompilerEvents;
  #worker: Worker | undefined;
  /** What the worker is at. */
  #current: CompileRequest | undefined;
  #next: CompileRequest | undefined;
  /** The compilers that the worker has. */
  readonly #loaded: Set<LanguageId> = new Set();
  #timer = 0;

  constructor(events: CompilerEvents) {
    this.#events = events;
  }

  /** Compiles a source as soon as the worker is free. A newer one replaces one that waits. */
  compile(request: CompileRequest): void {
    this.#next = request;
    if (this.#current === undefined) this.#send();
  }

  #send(): void {
    const request = this.#next;
    this.#current = request;
    this.#next = undefined;
    if (request === undefined) return;
    this.#worker ??= this.#start();
    if (!this.#loaded.has(request.language)) this.#events.onFetch(request);
    this.#limit(FETCH_MS);
    this.#worker.postMessage(request, []);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./compiler-worker.ts", import.meta.url), {
      type: "module",
      name: "compilers",
    });
    worker.addEventListener("message", ({ data }: MessageEvent<CompilerMessage>) => {
      if (worker === this.#worker) this.#receive(data);
    });
    worker.addEventListener("error", ({ message }) => {
      if (worker === this.#worker) this.#crash(message || "its script could not be loaded");
    });
    return worker;
  }

  #receive(message: CompilerMessage): void {
    if (message.kind === "loaded") {
      const request = this.#current;
      if (request === undefined) return;
      this.#loaded.add(request.language);
      this.#limit(COMPILE_MS);
      this.#events.onCompile(request);
    } else if (message.kind === "crashed") {
      this.#crash(message.message);
    } else {
      window.clearTimeout(this.#timer);
      const request = this.#current;
      const isNewest = this.#next === undefined;
      this.#current = undefined;
      if (request !== undefined && isNewest) this.#events.onResult(request, message);
      this.#send();
    }
  }

  #limit(timeMs: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(
      () => this.#crash(`it did not answer for ${timeMs / 1000} s`),
      timeMs,
    );
  }

  #crash(message: string): void {
    const request = this.#current;
    window.clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#current = undefined;
    this.#loaded.clear();
    if (request !== undefined) this.#events.onCrash(request, message);
    if (this.#next !== undefined) this.#send();
  }
}

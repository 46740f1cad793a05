/** The plugin `double`, live: one call at a time, always for the newest list. */

import { type Interruption, type Plugin, PluginClosedError } from "cloche";
import double, { type Double } from "../public/plugins/double.wasm?plugin";
import { errorText } from "./error-text.ts";
import { isolation } from "./isolation.ts";
import type { Stream } from "./terminal.ts";

export type LiveState =
  | { readonly kind: "loading" | "ready" | "running" }
  /** The plugin is closed, with the reason in words. */
  | { readonly kind: "ended" | "failed"; readonly reason: string };

export interface LiveEvents {
  readonly onState: (state: LiveState) => void;
  readonly onLoaded: (durationMs: number, interruption: Interruption) => void;
  readonly onAnswer: (answers: readonly number[], durationMs: number) => void;
  /** A call failed. The state says whether the plugin is closed too. */
  readonly onCallError: (error: unknown) => void;
  readonly onOutput: (stream: Stream, text: string) => void;
}

/** A call that takes longer than this is shown as running. */
const VISIBLE_RUN_MS = 60;
const CALL_TIMEOUT_MS = 2000;

export class LivePlugin {
  readonly #events: LiveEvents;
  #plugin: Plugin<Double> | undefined;
  /** The newest list, and whether it was sent to the guest. */
  #values: readonly number[] | undefined;
  #isAsked = false;
  #isCalling = false;

  constructor(events: LiveEvents) {
    this.#events = events;
  }

  /** Loads the plugin, or a new one after it was closed, and doubles the newest list. */
  async load(): Promise<void> {
    const { onState, onLoaded, onOutput } = this.#events;
    onState({ kind: "loading" });
    try {
      const startMs = performance.now();
      const plugin = await double({
        isolation,
        stdout: (text) => onOutput("stdout", text),
        stderr: (text) => onOutput("stderr", text),
      });
      onLoaded(performance.now() - startMs, plugin.interruption);
      this.#plugin = plugin;
      onState({ kind: "ready" });
      void this.#watch(plugin);
    } catch (error) {
      onState({ kind: "failed", reason: errorText(error) });
    }
    this.#isAsked = false;
    await this.#ask();
  }

  /** Doubles these numbers as soon as the plugin is free. A newer list replaces one that waits. */
  double(values: readonly number[]): void {
    this.#values = values;
    this.#isAsked = false;
    void this.#ask();
  }

  terminate(): void {
    this.#plugin?.terminate();
  }

  async #ask(): Promise<void> {
    if (this.#isCalling) return;
    this.#isCalling = true;
    for (;;) {
      // The measured time is that of the call, without the painting of what was typed.
      await nextFrameIsPainted();
      const plugin = this.#plugin;
      const values = this.#values;
      if (this.#isAsked || plugin === undefined || values === undefined) break;
      this.#isAsked = true;
      await this.#call(plugin, values);
    }
    this.#isCalling = false;
  }

  async #call(plugin: Plugin<Double>, values: readonly number[]): Promise<void> {
    const { onState, onAnswer, onCallError } = this.#events;
    let isRunShown = false;
    const timer = window.setTimeout(() => {
      isRunShown = true;
      onState({ kind: "running" });
    }, VISIBLE_RUN_MS);
    try {
      const startMs = performance.now();
      const answers = await plugin.api.double.with({ timeoutMs: CALL_TIMEOUT_MS })(values);
      onAnswer(answers, performance.now() - startMs);
    } catch (error) {
      // The state already says that the plugin was terminated.
      if (!(error instanceof PluginClosedError)) onCallError(error);
    } finally {
      window.clearTimeout(timer);
      if (isRunShown && this.#plugin === plugin) onState({ kind: "ready" });
    }
  }

  async #watch(plugin: Plugin<Double>): Promise<void> {
    const reason = await plugin.closed;
    this.#plugin = undefined;
    const { onState } = this.#events;
    if (reason.kind === "failed") onState({ kind: "failed", reason: errorText(reason.error) });
    else onState({ kind: "ended", reason: "You terminated this plugin and its worker." });
  }
}

/** Resolves when the page has painted and is idle, or at once if it is hidden. */
function nextFrameIsPainted(): Promise<void> {
  return new Promise((resolve) => {
    if (document.hidden) resolve();
    else requestAnimationFrame(() => window.setTimeout(resolve));
  });
}

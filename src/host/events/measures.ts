/** Entries of the performance timeline, for the browser's performance panel. */

import type { EventHub } from "./event-hub.ts";

/** Adds an entry in the plugin's track. `detail.devtools` is how Chromium's panel makes a track. */
function measure(
  pluginName: string,
  name: string,
  start: number,
  end: number,
  color: string,
): void {
  const track = `plugin ${pluginName}`;
  const devtools = { dataType: "track-entry", trackGroup: "Cloche", track, color };
  performance.measure(name, { start, end, detail: { devtools } });
}

/** Measures the calls and the host calls of a plugin, after they have ended. */
export function measureCalls(hub: EventHub, pluginName: string): void {
  hub.add(["callEnd", "hostCallEnd"], (event) => {
    if (event.type !== "callEnd" && event.type !== "hostCallEnd") return;
    const { functionName, timeMs, durationMs, outcome } = event;
    const color = event.type === "callEnd" ? "primary" : "secondary";
    const shown = outcome.ok ? color : "error";
    measure(pluginName, functionName, timeMs - durationMs, timeMs, shown);
  });
}

/** Measures the run of a command from now on. Returns what ends that. */
export function measureRun(pluginName: string): (end: { readonly isError: boolean }) => void {
  const startMs = performance.now();
  return ({ isError }) => {
    measure(pluginName, "run", startMs, performance.now(), isError ? "error" : "primary");
  };
}

/** Measures the parts of a load, which follow each other, and the whole. */
export class LoadMeasure {
  readonly #startMs: number = performance.now();
  #lastMs: number = this.#startMs;
  readonly #parts: (readonly [name: string, startMs: number, endMs: number])[] = [];

  /** A part is done that began when the last one ended. */
  done(part: "fetch" | "compile" | "start"): void {
    const nowMs = performance.now();
    this.#parts.push([part, this.#lastMs, nowMs]);
    this.#lastMs = nowMs;
  }

  /** The plugin takes calls. */
  end(pluginName: string): void {
    measure(pluginName, "load", this.#startMs, this.#lastMs, "tertiary");
    for (const part of this.#parts) measure(pluginName, ...part, "tertiary-light");
  }
}

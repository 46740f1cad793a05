/** What this browser and this page's headers allow. */

import { durationText, measureClockStepMs } from "./duration.ts";
import { pageElement } from "./page-element.ts";

/** Shows it. Returns the step of the page's clock, in milliseconds. */
export function showEnvironment(): number {
  const clockStepMs = measureClockStepMs();
  const isIsolated = globalThis.crossOriginIsolated;
  pageElement("fact-isolated", HTMLElement).textContent = isIsolated ? "Yes" : "No";
  pageElement("fact-blocking", HTMLElement).textContent = blockingText(isIsolated);
  pageElement("fact-clock", HTMLElement).textContent = durationText(clockStepMs, 0);
  return clockStepMs;
}

/** The order is the library's own: JSPI first, since the worker still serves files meanwhile. */
function blockingText(isIsolated: boolean): string {
  if ("Suspending" in WebAssembly) return "JSPI";
  return isIsolated ? "Shared memory" : "Not available here";
}

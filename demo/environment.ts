/** What this browser and this page's headers allow. */

import { durationText, measureClockStepMs } from "./duration.ts";
import { pageElement } from "./page-element.ts";

/** Shows it, and returns the resolution of the page's clock in milliseconds. */
export function showEnvironment(): number {
  const clockStepMs = measureClockStepMs();
  const isIsolated = globalThis.crossOriginIsolated;
  pageElement("fact-isolated", HTMLElement).textContent = isIsolated ? "Yes" : "No";
  pageElement("fact-blocking", HTMLElement).textContent = blockingText(isIsolated);
  pageElement("fact-clock", HTMLElement).textContent = durationText(clockStepMs, 0);
  return clockStepMs;
}

/** In the same order as the library: JSPI first. */
function blockingText(isIsolated: boolean): string {
  if ("Suspending" in WebAssembly) return "JSPI";
  return isIsolated ? "Shared memory" : "Not available here";
}

/** How this page's plugins are isolated, chosen by its address: `?isolation=strict`. */

import type { Isolation } from "cloche";

export const isolation: Isolation =
  new URLSearchParams(location.search).get("isolation") === "strict" ? "strict" : "worker";

/** Shows what that means, with a link to the other. */
export function showIsolation(): void {
  for (const note of document.querySelectorAll<HTMLElement>("[data-isolation]")) {
    note.hidden = note.dataset["isolation"] !== isolation;
  }
}

/** The launch options for a browser, or `undefined` when there is none. */
export function findBrowser(
  name: "chromium" | "firefox",
): { executablePath?: string; channel?: string } | undefined;

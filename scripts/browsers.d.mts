/** The launch options for a browser, or `undefined` when there is none. */
export function findBrowser(
  name: "chromium" | "firefox",
): { executablePath?: string; channel?: string } | undefined;

/** The programs that run WebKitGTK without a person, or `undefined` when one is missing. */
export function findWebKit(): { driver: string; screen: string } | undefined;

// Finds the browsers for tests and benches: from an environment variable, else from Playwright, else
// from the system.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium, firefox } from "@playwright/test";

/** How to find each browser. Playwright's Firefox is patched; a system's needs a channel. */
const BROWSERS = {
  chromium: {
    type: chromium,
    variable: "CLOCHE_CHROMIUM",
    // Not Debian's chromium-headless-shell: an access out of a Wasm memory's bounds ends its pages.
    commands: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    paths: [
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ],
    channel: undefined,
  },
  firefox: {
    type: firefox,
    variable: "CLOCHE_FIREFOX",
    commands: ["firefox-esr", "firefox"],
    paths: ["/Applications/Firefox.app/Contents/MacOS/firefox"],
    channel: "moz-firefox",
  },
};

/**
 * The launch options for a browser, or `undefined` if it is missing.
 *
 * @param {"chromium" | "firefox"} name
 * @returns {{ executablePath?: string, channel?: string } | undefined}
 */
export function findBrowser(name) {
  const { type, variable, commands, paths, channel } = BROWSERS[name];
  const system = (executablePath) => ({ executablePath, ...(channel && { channel }) });
  const named = process.env[variable];
  if (named) return system(named);
  if (existsSync(type.executablePath())) return {};
  const found = [...commands.map(which), ...paths].find((path) => path && existsSync(path));
  return found && system(found);
}

/**
 * The programs that run WebKitGTK without a person: its driver, and a screen that nobody sees. `undefined` if
 * one is missing.
 *
 * @returns {{ driver: string, screen: string } | undefined}
 */
export function findWebKit() {
  const driver = which("WebKitWebDriver");
  const screen = which("Xvfb");
  return driver && screen ? { driver, screen } : undefined;
}

function which(command) {
  try {
    return execFileSync("which", [command], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return undefined;
  }
}

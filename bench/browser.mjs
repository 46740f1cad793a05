// Runs a browser without Playwright, under which it starts workers 15 to 30 % slower.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, firefox } from "@playwright/test";
import { findBrowser } from "../scripts/browsers.mjs";

const BROWSERS = {
  chromium: {
    type: chromium,
    args: (profile) => [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--user-data-dir=${profile}`,
    ],
  },
  firefox: {
    type: firefox,
    args: (profile) => ["--headless", "--no-remote", "--profile", profile],
  },
};

/**
 * Opens an address in a browser with a profile of its own.
 *
 * @param {"chromium" | "firefox"} name
 * @param {string} address
 * @returns {Promise<{ pid: number | undefined, exited: Promise<string>, close(): Promise<void> }>}
 *   `exited` resolves with the browser's last output when it exits on its own.
 */
export async function openBrowser(name, address) {
  const { type, args } = BROWSERS[name];
  const found = findBrowser(name);
  if (found === undefined) {
    throw new Error(
      `Cannot run the bench: no ${name} found, expected one (name it in CLOCHE_${name.toUpperCase()}, or run "npx playwright install ${name}")`,
    );
  }
  const profile = await mkdtemp(join(tmpdir(), "cloche-bench-"));
  const browser = spawn(
    found.executablePath ?? type.executablePath(),
    [...args(profile), address],
    // A group of its own, so that all its processes can be ended at once.
    { stdio: ["ignore", "ignore", "pipe"], detached: true },
  );
  let said = "";
  browser.stderr.setEncoding("utf8").on("data", (text) => {
    said = (said + text).slice(-2000);
  });
  const exited = new Promise((resolve) => {
    browser.once("error", (error) => resolve(error.message));
    browser.once("close", () => resolve(said));
  });
  return {
    pid: browser.pid,
    exited,
    close: async () => {
      if (browser.pid !== undefined && browser.exitCode === null) {
        try {
          process.kill(-browser.pid, "SIGKILL");
        } catch {
          // It has just ended by itself.
        }
      }
      await exited;
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

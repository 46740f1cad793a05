// Runs the pages of the bench in a browser and gathers what they report.
import { join, resolve } from "node:path";
import { openBrowser } from "./browser.mjs";
import { residentMemory } from "./resident-memory.mjs";
import { serveBench } from "./server.mjs";
import { untilWorkersIdle } from "./worker-threads.mjs";

const root = resolve(import.meta.dirname, "..");

/** Plugins, and the programs that `npm run programs` has installed. */
const PLUGINS = [
  "public/plugins",
  "public/plugins/fixtures",
  "node_modules/.cache/cloche-programs",
];

/** @typedef {import("./measure.ts").PlacedTable} PlacedTable */

/**
 * Runs the bench page until it finishes, fails or times out.
 *
 * @param {"chromium" | "firefox"} name
 * @param {object} options
 * @param {string} options.scripts
 * @param {string | undefined} options.only The group to run. Default: all.
 * @param {boolean} options.isBrief
 * @param {number} options.seconds How long it may take.
 * @returns {Promise<{ browser: string, userAgent: string, tables: PlacedTable[] }>}
 */
export async function runInBrowser(name, { scripts, only, isBrief, seconds }) {
  const tables = [];
  let userAgent = "";
  let end;
  let fail;
  const ending = new Promise((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  let browser;
  const server = await serveBench({
    scripts,
    plugins: PLUGINS.map((folder) => join(root, folder)),
    untilWorkersIdle: () => untilWorkersIdle(browser.pid),
    residentMemory: () => residentMemory(browser.pid),
    onReport: (what, body) => {
      if (what === "tables") {
        tables.push(...body.tables);
        userAgent = body.userAgent;
      } else if (what === "done") end();
      else fail(new Error(`${name}: ${body.message}`));
    },
  });
  const stop = () => fail(new Error("Cannot finish the bench: interrupted"));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
  const timer = setTimeout(() => {
    const groups = [...new Set(tables.map(({ group }) => group))].join(", ");
    fail(
      new Error(
        `Cannot finish the bench in ${name}: still running after ${seconds} s (done: ${groups})`,
      ),
    );
  }, seconds * 1000);
  const search = new URLSearchParams({
    ...(only !== undefined && { only }),
    ...(isBrief && { brief: "" }),
  });
  try {
    browser = await openBrowser(name, `${server.address}?${search}`);
    void browser.exited.then((said) => {
      fail(new Error(`Cannot finish the bench: ${name} ended\n${said}`));
    });
    await ending;
  } finally {
    clearTimeout(timer);
    await browser?.close();
    server.close();
  }
  return { browser: name, userAgent, tables };
}

import { type Diagnosis, doctor } from "cloche";
import { defineCommand, noPositionals, type Values } from "../command-line.ts";
import { EXIT_CODES, usageFailure } from "../failure.ts";
import { diagnosePage } from "../page/diagnose-page.ts";
import { writeJson, writeOut } from "../terminal/output.ts";
import { printable } from "../terminal/printable.ts";
import { withProgress } from "../terminal/progress.ts";

const OPTIONS = {
  page: { type: "string", short: "p", value: "<address>", help: "examine a page in a browser" },
  browser: {
    type: "string",
    value: "<name or path>",
    help: "chromium, firefox, webkit, chrome, msedge, or the path of a Chromium",
  },
  worker: { type: "string", value: "<address>", help: "where the page hosts cloche/worker" },
  json: { type: "boolean", help: "print all of it as JSON" },
} as const;

export const doctorCommand = defineCommand({
  usage: "doctor [options]",
  summary: "tell what this Node or a page allows plugins, and what it lacks",
  details: `
A page is examined under its own headers and policy, by Playwright: install
playwright-core, and a browser if you have none. On any page, await doctor() tells the same.
The exit code is 1 where no plugin can be loaded.

Example:
  cloche doctor --page http://localhost:5173/`,
  options: OPTIONS,
  run: async ({ options, positionals }) => {
    noPositionals(positionals);
    const { where, diagnosis } = await diagnose(options);
    if (options.json === true) await writeJson(diagnosis);
    else await writeOut(printable(`${where}\n${diagnosis.text}\n`));
    return diagnosis.canLoad ? EXIT_CODES.done : EXIT_CODES.failed;
  },
});

async function diagnose({
  page: address,
  browser,
  worker,
}: Values<typeof OPTIONS>): Promise<{ readonly where: string; readonly diagnosis: Diagnosis }> {
  if (address !== undefined) {
    if (!URL.canParse(address))
      throw usageFailure(`Invalid --page "${address}" (must be an address)`);
    return withProgress(`Opening ${address}`, diagnosePage({ address, browser, worker }));
  }
  if (browser !== undefined || worker !== undefined) {
    throw usageFailure("--browser and --worker need --page");
  }
  return { where: `Node ${process.versions.node}`, diagnosis: await doctor() };
}

import { doctor } from "cloche";
import { defineCommand, noPositionals } from "../command-line.ts";
import { EXIT_CODES } from "../failure.ts";
import { writeJson, writeOut } from "../terminal/output.ts";

export const doctorCommand = defineCommand({
  usage: "doctor [options]",
  summary: "tell what this Node allows plugins, and what it lacks",
  details: `
On a page, await doctor() tells the same of a browser.
The exit code is 1 where no plugin can be loaded.`,
  options: { json: { type: "boolean", help: "print all of it as JSON" } },
  run: async ({ options: { json = false }, positionals }) => {
    noPositionals(positionals);
    const diagnosis = await doctor();
    if (json) await writeJson(diagnosis);
    else await writeOut(`Node ${process.versions.node}\n${diagnosis.text}\n`);
    return diagnosis.canLoad ? EXIT_CODES.done : EXIT_CODES.failed;
  },
});

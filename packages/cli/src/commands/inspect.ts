import { defineCommand, onlyPositional } from "../command-line.ts";
import { EXIT_CODES } from "../failure.ts";
import { reportModule } from "../module/module-report.ts";
import { printReport } from "../module/print-report.ts";
import { readModule } from "../module/read-module.ts";
import { writeJson, writeOut } from "../terminal/output.ts";
import { withProgress } from "../terminal/progress.ts";

export const inspectCommand = defineCommand({
  usage: "inspect <module.wasm> [options]",
  summary: "tell what a module offers and needs, and whether Cloche loads it",
  details: `
The module is loaded in a sandbox, which runs its start but none of its functions.
The exit code is 1 for a module that Cloche refuses.`,
  options: {
    json: { type: "boolean", help: "print all of it as JSON" },
    schema: {
      type: "string",
      value: "<text or file>",
      help: "of a plugin that does not describe itself",
    },
  },
  run: async ({ options: { json = false, schema }, positionals }) => {
    const path = onlyPositional(positionals, "the module");
    const report = await withProgress(`Reading ${path}`, reportModule(readModule(path, schema)));
    if (json) await writeJson(report);
    else await writeOut(printReport(report));
    return report.loads ? EXIT_CODES.done : EXIT_CODES.failed;
  },
});

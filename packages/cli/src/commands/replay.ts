import { readFileSync } from "node:fs";
import { type ReplayReport, replay } from "cloche";
import { defineCommand, onlyPositional } from "../command-line.ts";
import { EXIT_CODES, Failure, messageOf } from "../failure.ts";
import { readModule } from "../module/read-module.ts";
import { LIMIT_OPTION, limitsOf } from "../option-values.ts";
import { writeJson, writeOut } from "../terminal/output.ts";
import { printable } from "../terminal/printable.ts";
import { withProgress } from "../terminal/progress.ts";

export const replayCommand = defineCommand({
  usage: "replay <recording.json> [module.wasm] [options]",
  summary: "run a recording again, and tell what is different",
  details: `
It is one of a call or of a command. The module is the one in it, unless you give one. Host calls and input are
answered from the recording. Its limits are those of the recording, but not above the
defaults, or what you allow by --limit. The exit code is 1 if anything is different.

Example:
  cloche run words.wasm shout hey 2 --record report.json
  cloche replay report.json`,
  options: { limit: LIMIT_OPTION, json: { type: "boolean", help: "print the report as JSON" } },
  run: async ({ options: { limit, json = false }, positionals: [path = "", ...rest] }) => {
    const modulePath = rest.length === 0 ? undefined : onlyPositional(rest, "the module");
    const recording = readRecording(onlyPositional(path === "" ? [] : [path], "the recording"));
    const source = modulePath === undefined ? {} : { source: readModule(modulePath).bytes };
    const replaying = replay(recording, { ...source, limits: limitsOf(limit) });
    const report = await withProgress(`Replaying ${path}`, replaying);
    if (json) await writeJson(report);
    else await writeOut(printable(printed(report)));
    return report.isSame ? EXIT_CODES.done : EXIT_CODES.failed;
  },
});

function readRecording(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as unknown;
  } catch (error) {
    throw new Failure(`Cannot read "${path}": ${messageOf(error)}`, EXIT_CODES.failed, error);
  }
}

function printed({ isSame, calls, differences, isComplete, loweredLimits }: ReplayReport): string {
  const counted = `${calls} ${calls === 1 ? "call" : "calls"}`;
  const left = isComplete ? "" : " (the recording is not complete)";
  if (isSame) return `${counted} replayed with the same results${left}\n`;
  const found = differences.map(
    ({ step, functionName, recorded, replayed }) =>
      `  ${functionName ?? (step < 0 ? "start" : "run")} (step ${step})\n    recorded: ${recorded}\n    replayed: ${replayed}`,
  );
  const hint = loweredLimits.map(
    (name) => `The recording had a higher limit ${name} (--limit ${name}=<number>)\n`,
  );
  return `${counted} replayed, ${differences.length} different${left}:\n${found.join("\n")}\n${hint.join("")}`;
}

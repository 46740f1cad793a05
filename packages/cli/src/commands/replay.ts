import { readFileSync } from "node:fs";
import { type Recording, type ReplayReport, replay } from "cloche";
import { defineCommand, onlyPositional } from "../command-line.ts";
import { EXIT_CODES, Failure, messageOf, usageFailure } from "../failure.ts";
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
answered from the recording. What the plugin prints goes to stderr. Its limits are those of the recording, but not above the
defaults, or what you allow by --limit. The exit code is 1 if anything is different.

Example:
  cloche run words.wasm shout hey 2 --record report.json
  cloche replay report.json`,
  options: { limit: LIMIT_OPTION, json: { type: "boolean", help: "print the report as JSON" } },
  run: async ({ options: { limit, json = false }, positionals: [path = "", ...rest] }) => {
    const modulePath = rest.length === 0 ? undefined : onlyPositional(rest, "the module");
    const recording = readRecording(onlyPositional(path === "" ? [] : [path], "the recording"));
    if (modulePath === undefined && lacksModule(recording)) {
      throw usageFailure(
        `"${path}" does not contain the module: cloche replay ${path} <module.wasm>`,
      );
    }
    const source = modulePath === undefined ? {} : { source: readModule(modulePath).bytes };
    const toStderr = (chunk: string) => void process.stderr.write(printable(chunk));
    const output = { stdout: toStderr, stderr: toStderr };
    const replaying = replay(recording, { ...source, ...output, limits: limitsOf(limit) });
    const report = await withProgress(`Replaying ${path}`, replaying);
    if (json) await writeJson(report);
    else await writeOut(printable(printed(report, recording as Recording)));
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

/** A line for a call that failed as it did when it was recorded. */
function failureOf(step: Recording["steps"][number], index: number): string[] {
  if (step.type === "files" || step.end === undefined) return [];
  const { end } = step;
  const name = step.type === "call" ? step.functionName : "run";
  if (end.kind === "timeout") return [`  ${name} (step ${index}) timed out\n`];
  if (end.kind !== "error") return [];
  return [`  ${name} (step ${index}) failed: ${end.name}: ${end.message}\n`];
}

/** Whether it is a recording without the bytes of its module. What is no recording is left to `replay`. */
function lacksModule(recording: unknown): boolean {
  const { module } = Object(recording) as Partial<Recording>;
  return module !== undefined && Object(module).bytes === undefined;
}

/** @param recording One that was replayed, so its shape is right. */
function printed(
  { isSame, calls, differences, isComplete, loweredLimits }: ReplayReport,
  { steps }: Recording,
): string {
  const counted = `${calls} ${calls === 1 ? "call" : "calls"}`;
  const left = isComplete ? "" : " (the recording is not complete)";
  if (isSame) {
    const failures = steps.flatMap((step, index) => failureOf(step, index));
    return `${counted} replayed with the same results${left}\n${failures.join("")}`;
  }
  const found = differences.map(
    ({ step, functionName, recorded, replayed }) =>
      `  ${functionName ?? (step < 0 ? "start" : "run")} (step ${step})\n    recorded: ${recorded}\n    replayed: ${replayed}`,
  );
  const hint = loweredLimits.map(
    (name) => `The recording had a higher limit ${name} (--limit ${name}=<number>)\n`,
  );
  return `${counted} replayed, ${differences.length} different${left}:\n${found.join("\n")}\n${hint.join("")}`;
}

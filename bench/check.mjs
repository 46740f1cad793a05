// Compares the results of the bench with the goals, prints which are met and which are missed, and fails
// if a ratio is worse than the one that was last accepted, beyond the slack.
//
//   npm run bench && npm run bench:check -- [--results <results.json>] [--accept]
//
// With --accept it writes what it found into bench/goals.json: do so after a full run on a quiet machine.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { acceptFindings, checkGoals, describeGoals, readGoals, writeGoals } from "./goals.mjs";

const { values: options } = parseArgs({
  options: { results: { type: "string" }, accept: { type: "boolean", default: false } },
});
const DEFAULT_FILE = resolve(import.meta.dirname, "../build/bench/results/results.json");
const file = options.results ?? DEFAULT_FILE;
const { startedAt, machine, isBrief, runs } = JSON.parse(await readFile(file, "utf8"));
if (isBrief) throw new Error(`Cannot check ${file}: a brief run, whose numbers mean nothing`);
const goals = await readGoals();
const findings = checkGoals(goals, runs);
console.log(`Measured ${startedAt} on ${machine.processor}, ${machine.cores} cores\n`);
console.log(describeGoals(findings));
if (options.accept) await writeGoals(acceptFindings(goals, findings));
else if (findings.some(({ isLoss }) => isLoss)) process.exitCode = 1;

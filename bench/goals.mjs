// Compares what the bench measured with the goals in goals.json.
//
// A goal names a row, and either another row of its table, whose time it may take so many times ("to"),
// or a quantile of its samples, which may be so many milliseconds. "accepted" holds, for each browser,
// what the last full run on a quiet machine found: a run that is worse by more than the slack has lost
// something. A goal that was never met is reported and no failure.
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describeRatio, quantile, ratioOf, rowOf } from "./results.mjs";

const FILE = resolve(import.meta.dirname, "goals.json");

/** How much worse than the accepted ratio a run may be where the goal does not say, by noise. */
const SLACK = 0.25;

/** @typedef {import("./measure.ts").PlacedTable} PlacedTable */
/** @typedef {{ browser: string, tables: readonly PlacedTable[] }} Run */
/**
 * @typedef {object} Goal
 * @property {string} what
 * @property {"isolated" | "not isolated"} page
 * @property {string} table The title of the table.
 * @property {string} row
 * @property {string} [to]
 * @property {number} [quantile]
 * @property {number | Record<string, number>} goal At most so much; a number for each browser where they differ.
 * @property {Record<string, number>} [accepted] By browser.
 * @property {number} [slack]
 * @property {string} [until] Why it may not be measured.
 */
/**
 * @typedef {object} Finding
 * @property {string} browser
 * @property {Goal} goal
 * @property {number | undefined} found
 * @property {number} allowed
 * @property {"met" | "missed" | "not measured"} state
 * @property {boolean} isLoss Whether it is worse than what was accepted, beyond the slack.
 */

/** @returns {Promise<Goal[]>} */
export async function readGoals() {
  return JSON.parse(await readFile(FILE, "utf8"));
}

/**
 * @param {readonly Goal[]} goals
 * @param {readonly Run[]} runs
 * @returns {Finding[]}
 */
export function checkGoals(goals, runs) {
  return runs.flatMap(({ browser, tables }) =>
    goals.flatMap((goal) => {
      const allowed = typeof goal.goal === "number" ? goal.goal : goal.goal[browser];
      // Some goals are of one browser.
      if (allowed === undefined) return [];
      const found = find(goal, tables);
      const accepted = goal.accepted?.[browser];
      const isLoss = found > accepted * (1 + (goal.slack ?? SLACK));
      const state = found === undefined ? "not measured" : found <= allowed ? "met" : "missed";
      return [{ browser, goal, found, allowed, state, isLoss }];
    }),
  );
}

/** What a run found for a goal, or `undefined` if it did not measure it. */
function find({ page, table: title, row, to, quantile: share }, tables) {
  const table = tables.find((each) => each.page === page && each.title === title);
  const samples = table && rowOf(table, row)?.samples;
  if (samples === undefined || samples.length === 0) return undefined;
  if (share !== undefined) return quantile(samples, share);
  return rowOf(table, to) && ratioOf(table, row, to);
}

/**
 * @param {readonly Finding[]} findings
 * @returns {string}
 */
export function describeGoals(findings) {
  const line = (what, browser, found, allowed, accepted, verdict) =>
    `  ${what.padEnd(78)}${browser.padEnd(10)}${found.padStart(8)}${allowed.padStart(8)}${accepted.padStart(10)}  ${verdict}`.trimEnd();
  const lines = findings.map(({ browser, goal, found, allowed, state, isLoss }) => {
    const accepted = goal.accepted?.[browser];
    const show = (value) => (value === undefined ? "" : describeRatio(value));
    const reason = state === "not measured" ? goal.until : undefined;
    const verdict = isLoss ? `${state}, LOST` : (reason ?? state);
    return line(goal.what, browser, show(found), show(allowed), show(accepted), verdict);
  });
  const counts = ["met", "missed", "not measured"].map(
    (state) => `${findings.filter((finding) => finding.state === state).length} ${state}`,
  );
  const losses = findings.filter(({ isLoss }) => isLoss).length;
  const head = line("goals", "", "found", "at most", "accepted", "");
  return [head, ...lines, `${counts.join(", ")}; ${losses} lost since accepted`].join("\n");
}

/**
 * The goals with what was found as accepted.
 *
 * @param {readonly Goal[]} goals
 * @param {readonly Finding[]} findings
 * @returns {Goal[]}
 */
export function acceptFindings(goals, findings) {
  return goals.map((goal) => {
    const measured = findings.filter(
      (finding) => finding.goal.what === goal.what && finding.found !== undefined,
    );
    if (measured.length === 0) return goal;
    const found = measured.map(({ browser, found }) => [browser, Number(found.toPrecision(3))]);
    return { ...goal, accepted: { ...goal.accepted, ...Object.fromEntries(found) } };
  });
}

/** @param {readonly Goal[]} goals */
export async function writeGoals(goals) {
  await writeFile(FILE, `${JSON.stringify(goals, undefined, 2)}\n`);
}

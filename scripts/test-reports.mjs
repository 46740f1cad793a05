// Reads the reports of the test runners: numbers of tests, seconds of files, and what failed.
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/**
 * @typedef {object} Report
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {{ name: string, ms: number }[]} files How long the tests of each file took.
 * @property {string[]} troubles The tests that failed, or failed at first, with their errors.
 */

const NOTHING = { passed: 0, failed: 0, skipped: 0, files: [], troubles: [] };

/**
 * The report of vitest, empty when it has not run.
 *
 * @param {string} path
 * @returns {Report}
 */
export function readUnitTests(path) {
  const report = read(path);
  if (report === undefined) return NOTHING;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests,
    files: report.testResults.map(({ name, startTime, endTime }) => ({
      name: relative(process.cwd(), name),
      ms: endTime - startTime,
    })),
    troubles: [],
  };
}

/**
 * A report of Playwright, empty when it has not run.
 *
 * @param {string} part Which part of the tests it tells of.
 * @param {string} path
 * @returns {Report}
 */
export function readBrowserTests(part, path) {
  const report = read(path);
  if (report === undefined) return NOTHING;
  const { stats, suites } = report;
  const times = new Map();
  const troubles = [];
  for (const suite of suites) {
    visitTests(suite, "", (name, { projectName, status, results }) => {
      const file = `${suite.file} (${part}, ${projectName})`;
      const ms = results.reduce((sum, { duration }) => sum + duration, 0);
      times.set(file, (times.get(file) ?? 0) + ms);
      if (status !== "unexpected" && status !== "flaky") return;
      const message = stripVTControlCharacters(results[0].error?.message ?? results[0].status);
      const lines = message.split("\n").filter((line) => line.trim() !== "");
      const what = status === "flaky" ? "failed at first" : "failed";
      troubles.push(`${what}: [${projectName}] ${name}`);
      troubles.push(...lines.slice(0, 5).map((line) => `    ${line}`));
    });
  }
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    files: [...times].map(([name, ms]) => ({ name, ms })),
    troubles,
  };
}

/** Calls a function with each test of a suite, and its full name. */
function visitTests({ title, specs, suites = [] }, within, visit) {
  const name = `${within}${title} › `;
  for (const suite of suites) visitTests(suite, name, visit);
  for (const spec of specs) for (const test of spec.tests) visit(name + spec.title, test);
}

function read(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

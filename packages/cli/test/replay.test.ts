import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cloche, freshFolder, published } from "./program.test-kit.ts";

const folder = freshFolder();
const report = join(folder, "report.json");

test("replay runs a recorded call again, and tells what another result would be", async () => {
  const recorded = await cloche([
    "run",
    published("double.wasm"),
    "double",
    "[1, 2]",
    "-r",
    report,
  ]);
  expect([recorded.stderr, recorded.exitCode]).toEqual(["", 0]);
  const same = await cloche(["replay", report]);
  expect([same.stdout, same.exitCode]).toEqual(["1 call replayed with the same results\n", 0]);

  const recording = JSON.parse(readFileSync(report, "utf8")) as { steps: object[] };
  recording.steps = [
    {
      ...recording.steps[0],
      end: { kind: "error", name: "PluginTrapError", message: "was \u001b[31mbad" },
    },
  ];
  writeFileSync(report, JSON.stringify(recording));
  const other = await cloche(["replay", report, published("double.wasm")]);
  expect(other.stdout).toMatch(
    /^1 call replayed, 1 different:\n {2}double \(step 0\)\n {4}recorded: PluginTrapError: was \ufffd\[31mbad\n {4}replayed: returned /,
  );
  expect(other.exitCode).toBe(1);
});

test("replay runs a recorded command again, also one that fails", async () => {
  const tool = published("tool.wasm");
  const cat = await cloche(["run", tool, "-r", report, "--", "cat"], { stdin: "one" });
  expect(cat).toMatchObject({ exitCode: 0, stdout: "one", stderr: "" });
  const same = await cloche(["replay", report]);
  expect(same).toMatchObject({ stdout: "1 call replayed with the same results\n", stderr: "one" });
  const recording = readFileSync(report, "utf8");
  const changed = recording.replace('"stdout":"b25l"', '"stdout":"dHdv"');
  writeFileSync(report, changed.replace('"callMs":30000', '"callMs":60000'));
  const other = await cloche(["replay", report]);
  expect(other.stdout).toBe(
    '1 call replayed, 1 different:\n  run (step 0)\n    recorded: stdout "two"\n    replayed: stdout "one"\n' +
      "The recording had a higher limit callMs (--limit callMs=<number>)\n",
  );
  const allowed = await cloche(["replay", report, "--limit", "callMs=60000"]);
  expect(allowed.stdout).not.toContain("--limit");

  const trapped = await cloche(["run", tool, "-r", report, "--", "abort"]);
  expect(trapped.exitCode).toBe(134);
  const again = await cloche(["replay", report]);
  expect(again.exitCode).toBe(0);
  expect(again.stdout).toMatch(
    /^1 call replayed with the same results\n {2}run \(step 0\) failed: PluginTrapError: /,
  );
});

test("replay refuses a file that is no recording, with the place", async () => {
  writeFileSync(report, "{}");
  const ended = await cloche(["replay", report]);
  expect(ended.stderr).toMatch(/^cloche: Invalid recording\.format: undefined /);
  expect(ended.exitCode).toBe(1);
  writeFileSync(report, JSON.stringify({ format: "cloche-recording", version: 1, module: {} }));
  const without = await cloche(["replay", report]);
  expect(without.stderr).toContain(
    `does not contain the module: cloche replay ${report} <module.wasm>`,
  );
  expect(without.exitCode).toBe(2);
});

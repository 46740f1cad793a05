/** The projects in `examples`, as who has copied one runs it: from a folder of its own, by its own tools. */

import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser } from "../../../scripts/browsers.mjs";
import { cloche } from "./program.test-kit.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

/** The examples take Playwright's own browser; a machine of this repository may have another, by this file. */
const CONFIG = "machine.config.mjs";

const LAUNCH_OPTIONS = JSON.stringify(findBrowser("chromium") ?? {});

/** What the runner of this test sets, and others would read. */
const OF_VITEST =
  /^(VITEST|TEST$|DEV$|PROD$|MODE$|SSR$|BASE_URL$|NODE_ENV$|NODE_OPTIONS$|FORCE_COLOR$)/;

const MODULE = "build/word-tool.wasm";

/** One that passes, and one whose plugin traps. */
const FAILING_TESTS = `import { expect, pluginTest } from "@cloche/playwright";
import type { WordTool, WordToolHost } from "../build/word-tool.d.ts";
const test = pluginTest<WordTool, WordToolHost>("${MODULE}", {
  files: { "in.txt": "one two" },
  hostFunctions: { translate: (word) => word.toUpperCase() },
});
test("passes", async ({ plugin }) => {
  expect(await plugin.api.count_words("one")).toBe(1);
});
test("traps", async ({ plugin }) => {
  await plugin.api.translate_file();
  await plugin.files.remove("/in.txt");
  await plugin.api.translate_file();
});
`;

/** The runs start compilers and browsers, beside other tests. */
const TIMEOUT_MS = 300_000;

/** Copies an example to where it finds the packages of the repository, and builds its plugin. */
async function copyExample(name: string): Promise<string> {
  const project = mkdtempSync(join(ROOT, `build/example-${name}-`));
  cpSync(join(ROOT, "examples", name), project, { recursive: true });
  const built = await cloche(["build"], { cwd: project });
  expect(built).toMatchObject({ exitCode: 0, stdout: "" });
  return project;
}

/** Runs a tool of the repository in a project. */
async function run(
  project: string,
  tool: string,
  ...args: readonly string[]
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !OF_VITEST.test(name)),
  );
  const child = spawn(process.execPath, [join(ROOT, "node_modules", tool), ...args], {
    cwd: project,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once("close", done)),
  ]);
  return { exitCode, output: stdout + stderr };
}

/** The compiler agrees with a project whose plugin is built. */
async function expectTypes(project: string): Promise<void> {
  const checked = await run(project, "typescript/bin/tsc", "-p", ".");
  expect(checked).toEqual({ exitCode: 0, output: "" });
}

/** What Playwright's JSON report has, as far as these tests read it. */
interface Report {
  readonly suites: readonly Suite[];
  readonly stats: { readonly expected: number; readonly unexpected: number };
}

interface Suite {
  readonly specs: readonly {
    readonly title: string;
    readonly tests: readonly { readonly results: readonly Result[] }[];
  }[];
}

interface Result {
  readonly error?: { readonly message: string; readonly location?: { readonly line: number } };
  readonly attachments: readonly {
    readonly name: string;
    readonly body?: string;
    readonly path?: string;
  }[];
}

describe("the example for Playwright", () => {
  let project: string;

  /** Runs tests of the project in one browser. */
  async function playwright(
    ...args: readonly string[]
  ): Promise<{ readonly exitCode: number | null; readonly report: Report }> {
    const options = [`--config=${CONFIG}`, "--project=chromium", "--reporter=json", "--workers=1"];
    const tool = "@playwright/test/cli.js";
    const { exitCode, output } = await run(project, tool, "test", ...options, ...args);
    const start = output.indexOf("{\n");
    expect(start, output).toBeGreaterThanOrEqual(0);
    return { exitCode, report: JSON.parse(output.slice(start)) as Report };
  }

  beforeAll(async () => {
    project = await copyExample("playwright");
    writeFileSync(
      join(project, CONFIG),
      `import config from "./playwright.config.ts";
      export default { ...config, use: { ...config.use, launchOptions: ${LAUNCH_OPTIONS} } };`,
    );
  }, TIMEOUT_MS);

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  test("passes in two shards", { timeout: TIMEOUT_MS }, async () => {
    const shards = [await playwright("--shard=1/2"), await playwright("--shard=2/2")];
    expect(shards.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const passed = shards.map(({ report }) => report.stats.expected);
    expect(passed).not.toContain(0);
    expect(passed.reduce((sum, count) => sum + count)).toBe(5);
  });

  test("reports a failed test with its plugin", { timeout: TIMEOUT_MS }, async () => {
    writeFileSync(join(project, "test/failing.test.ts"), FAILING_TESTS);
    const { exitCode, report } = await playwright("failing");
    expect(exitCode).toBe(1);
    expect(report.stats).toMatchObject({ expected: 1, unexpected: 1 });
    const specs = new Map(report.suites[0]?.specs.map((spec) => [spec.title, spec]));
    const resultOf = (title: string) => specs.get(title)?.tests[0]?.results[0];
    expect(resultOf("passes")?.attachments).toEqual([]);
    const trapped = resultOf("traps");
    expect(trapped?.error?.message).toContain("PluginTrapError");
    // The line of the call in the test.
    expect(trapped?.error?.location?.line).toBe(13);

    const attachments = new Map(
      trapped?.attachments.map(({ name, body }) => [
        name,
        Buffer.from(body ?? "", "base64").toString("latin1"),
      ]),
    );
    expect(attachments.get("stdout.txt")).toBe("2 words");
    expect(attachments.get("stderr.txt")).toContain("/in.txt");
    // As before the call that trapped.
    expect(attachments.get("files.zip")).toContain("out.txt");
    expect(attachments.get("files.zip")).not.toContain("in.txt");
    expect(JSON.parse(attachments.get("calls.json") ?? "")).toMatchObject({
      calls: [
        { name: "loadPlugin" },
        {
          name: "translate_file",
          hostCalls: [
            { name: "translate", args: ["'one'"], result: "'ONE'" },
            { name: "translate", args: ["'two'"], result: "'TWO'" },
          ],
        },
        { name: "files.remove" },
        { name: "translate_file", error: expect.stringContaining("PluginTrapError") },
      ],
    });
    const recording = trapped?.attachments.find(({ name }) => name === "recording.json")?.path;
    const replayed = await cloche(["replay", recording ?? "", MODULE], { cwd: project });
    expect(replayed.exitCode).toBe(0);
    expect(replayed.stdout).toMatch(
      /^2 calls replayed with the same results\n {2}translate_file \(step \d\) failed: PluginTrapError: /,
    );
    expect(replayed.stderr).toContain("2 words");
  });

  test("is rightly typed", { timeout: TIMEOUT_MS }, () => expectTypes(project));
});

describe("the example for Vitest", () => {
  let project: string;

  beforeAll(async () => {
    project = await copyExample("vitest");
    writeFileSync(
      join(project, CONFIG),
      `import { playwright } from "@vitest/browser-playwright";
      import config from "./vitest.config.ts";
      config.test.browser.provider = playwright({ launchOptions: ${LAUNCH_OPTIONS} });
      export default config;`,
    );
  }, TIMEOUT_MS);

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  test("passes", { timeout: TIMEOUT_MS }, async () => {
    const ended = await run(
      project,
      "vitest/vitest.mjs",
      "run",
      `--config=${CONFIG}`,
      "--reporter=json",
    );
    expect(ended.output).toContain('"numPassedTests":2');
    expect(ended.exitCode, ended.output).toBe(0);
  });

  test("is rightly typed", { timeout: TIMEOUT_MS }, () => expectTypes(project));
});

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "@playwright/test";
import { DEFAULT_LIMITS } from "cloche";
import { build } from "esbuild";
import { faultOf } from "./examples/check-block.ts";
import {
  codeBlocks,
  documents,
  EXAMPLES_DIRECTORY,
  examplesOf,
  placeOf,
  ROOT,
  textOf,
} from "./examples/examples.ts";
import { anchorsOf } from "./examples/headings.ts";

// Written by the build of the harness, see e2e/harness/vite.config.ts.
test("every example of the documentation type-checks", () => {
  const { status, stdout } = spawnSync("npx", ["tsc", "-p", EXAMPLES_DIRECTORY], {
    encoding: "utf8",
  });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

test("every block of the documentation is of a form that is checked, and right in it", async () => {
  const blocks = documents().flatMap(codeBlocks);
  const faults = await Promise.all(
    blocks.map(async (block) => [placeOf(block), await faultOf(block)] as const),
  );
  expect(faults.filter(([, fault]) => fault !== undefined)).toEqual([]);
  expect(blocks.filter(({ info }) => info.includes("/")).length).toBeGreaterThan(0);
});

test("every link of the documentation to a file or a heading leads there", () => {
  for (const document of documents()) {
    const prose = textOf(document).replaceAll(/^```[^]*?^```$/gm, "");
    for (const [link, path = "", , heading] of prose.matchAll(
      /\]\((?!https:)([^)#]*)(#([^)]*))?\)/g,
    )) {
      const target = path === "" ? document : join(dirname(document), path);
      expect(existsSync(join(ROOT, target)), `${document}: ${link}`).toBe(true);
      if (heading !== undefined)
        expect(anchorsOf(textOf(target)), `${document}: ${link}`).toContain(heading);
    }
  }
});

test("docs/limits.md lists every limit with its default", () => {
  const rows = textOf("docs/limits.md").matchAll(/^\| `(\w+)` \| ([\d,∞]+) ?(\w*) \|/gm);
  const units: Record<string, number> = { s: 1000, MiB: 2 ** 20, GiB: 2 ** 30 };
  const listed = Array.from(rows, ([, name = "", count = "", unit = ""]) => {
    const value = count === "∞" ? Infinity : Number(count.replaceAll(",", ""));
    return [name, value * (units[unit] ?? 1)];
  });
  expect(Object.fromEntries(listed)).toEqual(DEFAULT_LIMITS);
});

test("docs/bundlers.md lists every budget of size, and README.md those of what loads plugins", () => {
  const budgets = JSON.parse(textOf(".size-limit.json")) as { limit: string }[];
  const rows = textOf("docs/bundlers.md").matchAll(/\| (\d+ kB) \|$/gm);
  const limits = budgets.map(({ limit }) => limit);
  expect(Array.from(rows, ([, limit]) => limit)).toEqual(limits);
  const [, , , ...firstLines] = textOf("README.md").split("\n").slice(0, 8);
  const named = firstLines.join("\n").match(/\d+ kB/g);
  expect(named).toEqual(limits.slice(0, 3));
});

test("the examples for Node do what they say", async () => {
  const examples = documents().flatMap(examplesOf);
  const folder = mkdtempSync(join(tmpdir(), "cloche-examples-"));
  cpSync(join(ROOT, "public/plugins"), join(folder, "plugins"), { recursive: true });
  mkdirSync(join(folder, "project"));
  writeFileSync(join(folder, "project/words.txt"), "one two three");
  for (const { name } of examples.filter(({ isOfNode }) => isOfNode)) {
    const script = join(EXAMPLES_DIRECTORY, `${name}.mjs`);
    await build({
      entryPoints: [join(EXAMPLES_DIRECTORY, `${name}.ts`)],
      ...{ bundle: true, format: "esm", packages: "external", outfile: script },
    });
    const { status, stderr } = spawnSync(process.execPath, [script], {
      cwd: folder,
      encoding: "utf8",
    });
    expect([name, status, stderr]).toEqual([name, 0, ""]);
  }
  rmSync(folder, { recursive: true });
});

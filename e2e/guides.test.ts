/** The guides as a reader follows them: their files make a project, which is built and used. */

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import * as vite from "vite";
import { codeBlocks, ROOT, writeProjectFile } from "./examples/examples.ts";

/** In the repository, so that projects find its packages without an installation. */
const PROJECTS = join(ROOT, "build/guides");
const CLI = join(ROOT, "packages/cli/bin/cloche.js");

// They compile and bundle what a reader does.
test.setTimeout(90_000);

test("the tutorial leads to a page that calls a plugin", async ({ page }) => {
  const folder = freshFolder("words");
  run("npx cloche new words --lang typescript", PROJECTS);
  for (const block of codeBlocks("docs/tutorial.md")) {
    writeProjectFile(block, folder);
    if (block.code.startsWith("npm test")) run("npm test", folder);
    if (!block.code.startsWith("npx cloche run")) continue;
    // The development server of the reader builds it again.
    run("npx cloche build", folder);
    expect(run(block.code, folder)).toBe('{"words":2,"characters":11}\n');
  }
  run("npx tsc -p .", folder);

  const close = await serve(page, folder);
  const result = page.getByRole("status");
  await expect(result).toHaveText("5 words, 31 characters; unknown: teh");
  await page.getByRole("button").click();
  await expect(result).toHaveText(/^Call "hang" of plugin "words.*" timed out after 1000 ms$/);
  await page.getByLabel("Text").fill("the glass");
  await expect(result).toHaveText("2 words, 9 characters; unknown: ");
  await close();
});

test("the guide to playgrounds leads to one", async ({ page }) => {
  const folder = freshFolder("playground");
  mkdirSync(join(folder, "public"), { recursive: true });
  cpSync(join(ROOT, "public/plugins/tool.wasm"), join(folder, "public/tool.wasm"));
  for (const block of codeBlocks("docs/playgrounds.md")) writeProjectFile(block, folder);

  const close = await serve(page, folder);
  const form = (name: string) => page.locator("form").filter({ hasText: `${name}(` });
  await form("reverse").getByRole("textbox").fill('["glass"]');
  await form("reverse").getByRole("button").click();
  await expect(form("reverse").getByRole("status")).toHaveText('"ssalg"');
  const terminal = page.getByRole("log");
  await expect(terminal).toContainText("turning glass");
  await form("hang").getByRole("button").click();
  await expect(form("hang").getByRole("status")).toContainText("PluginTimeoutError");

  await page.getByLabel("TypeScript").fill("export function f(x): void {}");
  await expect(page.locator("#problems")).toContainText("line 1: ");
  const writer = 'import { writeFile } from "@cloche/javascript";\n';
  const source = `${writer}export function save(text: string): void { writeFile("/a.txt", text); }`;
  await page.getByLabel("TypeScript").fill(source);
  await form("save").getByRole("button").click();
  await expect(page.locator("#files")).toHaveText("a.txt (file)");
  const downloading = page.waitForEvent("download");
  await page.getByText("Download as zip").click();
  expect((await downloading).suggestedFilename()).toBe("files.zip");

  await page.getByRole("button", { name: "Share" }).click();
  await page.reload();
  await expect(page.getByLabel("TypeScript")).toHaveValue(source);

  page.once("dialog", (dialog) => void dialog.accept("greet"));
  await page.getByLabel("Or open").setInputFiles(join(folder, "public/tool.wasm"));
  await expect(terminal).toHaveText("name? ");
  await page.getByLabel("Input").fill("Ada");
  await page.getByLabel("Input").press("Enter");
  await expect(terminal).toContainText("hello Ada\nname? ");
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(terminal).toContainText("Error: stopped");

  await page.getByLabel("Or open").setInputFiles(join(ROOT, "public/plugins/everything.wasm"));
  await form("echo_u64").getByRole("textbox").fill('["18446744073709551615"]');
  await form("echo_u64").getByRole("button").click();
  await expect(form("echo_u64").getByRole("status")).toHaveText('"18446744073709551615"');
  await form("call_run").getByRole("button").click();
  await expect(form("call_run").getByRole("status")).toContainText("does not offer run");
  await close();
});

function freshFolder(name: string): string {
  const folder = join(PROJECTS, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(PROJECTS, { recursive: true });
  return folder;
}

/** Runs a command of a guide with the packages of the repository, and returns what it prints. */
function run(command: string, cwd: string): string {
  const words = command.replace("npx cloche", `${process.execPath} ${CLI}`);
  const env = { ...process.env, CLOCHE_LOCAL: ROOT };
  const { status, stdout, stderr } = spawnSync("bash", ["-c", words], {
    cwd,
    env,
    encoding: "utf8",
  });
  expect([command, status, status === 0 ? "" : stdout + stderr]).toEqual([command, 0, ""]);
  return stdout;
}

/** Builds a project as `npx vite build` does, serves and opens it. Returns what ends the server. */
async function serve(page: Page, root: string): Promise<() => Promise<void>> {
  const build = { target: "es2022" };
  await vite.build({ root, build, configFile: false, logLevel: "error" });
  const server = await vite.preview({ root, build, configFile: false, preview: { port: 0 } });
  await page.goto(server.resolvedUrls?.local[0] ?? "");
  return () => server.close();
}

/** What the report of a test gets of its plugins. */

import { writeFile } from "node:fs/promises";
import type { TestInfo } from "@playwright/test";
import type { TestPlugin } from "./test-plugin.ts";

/** When plugins are attached to the report. */
export type PluginAttachments = "only-on-failure" | "on" | "off";

/** How long a plugin or a page that is busy may take to give its files or its recording. */
const GIVE_MS = 2000;

/** Attaches the output, files, calls and recording of each plugin, if the test has to report them. */
export async function attachPlugins(
  plugins: readonly TestPlugin[],
  when: PluginAttachments,
  testInfo: TestInfo,
): Promise<void> {
  const hasFailed = testInfo.status !== testInfo.expectedStatus;
  if (when === "off" || (when === "only-on-failure" && !hasFailed)) return;
  for (const [index, plugin] of plugins.entries()) {
    // The first one is what most tests have alone.
    await attachPlugin(plugin, index === 0 ? "" : `${index + 1}-`, testInfo);
  }
}

async function attachPlugin(plugin: TestPlugin, prefix: string, testInfo: TestInfo): Promise<void> {
  const attach = (name: string, body: string | Buffer, contentType: string) =>
    testInfo.attach(prefix + name, { body, contentType });
  await attach("calls.json", plugin.trace.toJson(), "application/json");
  if (plugin.stdout) await attach("stdout.txt", plugin.stdout, "text/plain");
  if (plugin.stderr) await attach("stderr.txt", plugin.stderr, "text/plain");
  const recording = await orReason("recording", plugin.recording());
  if (typeof recording === "string") await attach("recording.txt", recording, "text/plain");
  else await attachFile(`${prefix}recording.json`, JSON.stringify(recording), testInfo);
  const zip = plugin.files.exportZip().catch((error: unknown) => {
    return `${String(error)}\nWith the option restart: true files are kept`;
  });
  const files = await orReason("files", zip);
  if (files instanceof Uint8Array) await attach("files.zip", Buffer.from(files), "application/zip");
  else await attach("files.txt", files, "text/plain");
}

/** As a file, since reports only show the text of JSON that is attached as a text. */
async function attachFile(name: string, text: string, testInfo: TestInfo): Promise<void> {
  const path = testInfo.outputPath(name);
  await writeFile(path, text);
  await testInfo.attach(name, { path, contentType: "application/json" });
}

/** @returns What a plugin gives, or why there is nothing. */
async function orReason<T>(what: string, giving: Promise<T>): Promise<T | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    const text = `The plugin did not give its ${what} within ${GIVE_MS} ms: it is busy`;
    timer = setTimeout(() => resolve(text), GIVE_MS);
  });
  return Promise.race([giving.catch(String), late]).finally(() => clearTimeout(timer));
}

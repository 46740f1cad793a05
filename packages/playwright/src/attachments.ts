/** What the report of a test gets of its plugins. */

import { writeFile } from "node:fs/promises";
import type { TestInfo } from "@playwright/test";
import { type Recording, type ReplayOptions, replay } from "cloche";
import type { TestPlugin, TestPluginParts } from "./test-plugin.ts";

/** When plugins are attached to the report. */
export type PluginAttachments = "only-on-failure" | "on" | "off";

/** How long a plugin or a page that is busy may take to give its files or its recording. */
const GIVE_MS = 2000;

/** A plugin, and what it was loaded with. */
export type LoadedPlugin = Pick<TestPluginParts, "module" | "options"> & {
  readonly plugin: TestPlugin;
};

/** Attaches the output, files, calls and recording of each plugin, if the test has to report them. */
export async function attachPlugins(
  plugins: readonly LoadedPlugin[],
  when: PluginAttachments,
  testInfo: TestInfo,
): Promise<void> {
  const hasFailed = testInfo.status !== testInfo.expectedStatus;
  if (when === "off" || (when === "only-on-failure" && !hasFailed)) return;
  for (const [index, loaded] of plugins.entries()) {
    // The first one is what most tests have alone.
    await attachPlugin(loaded, index === 0 ? "" : `${index + 1}-`, testInfo);
  }
}

async function attachPlugin(
  loaded: LoadedPlugin,
  prefix: string,
  testInfo: TestInfo,
): Promise<void> {
  const { plugin } = loaded;
  const attach = (name: string, body: string | Buffer, contentType: string) =>
    testInfo.attach(prefix + name, { body, contentType });
  await attach("calls.json", plugin.trace.toJson(), "application/json");
  if (plugin.stdout) await attach("stdout.txt", plugin.stdout, "text/plain");
  if (plugin.stderr) await attach("stderr.txt", plugin.stderr, "text/plain");
  const recording = await orReason("recording", plugin.recording());
  if (typeof recording === "string") await attach("recording.txt", recording, "text/plain");
  else await attachFile(`${prefix}recording.json`, JSON.stringify(recording), testInfo);
  const files = await orReason("files", filesOf(loaded, recording));
  if (files instanceof Uint8Array) await attach("files.zip", Buffer.from(files), "application/zip");
  else await attach("files.txt", files, "text/plain");
}

/** The files of a plugin. One that is closed has lost them: a replay, here, makes them again. */
async function filesOf(
  { plugin, module, options }: LoadedPlugin,
  recording: Recording | string,
): Promise<Uint8Array | string> {
  try {
    return await plugin.files.exportZip();
  } catch (error) {
    if (typeof recording === "string") return String(error);
    const { bytes: source } = module;
    const { limits } = options;
    const files = await replayedFiles(recording, { source, ...(limits && { limits }) });
    return files ?? `${String(error)}\nA replay has not come to the same state`;
  }
}

/** The files as they were before the calls that did not return; `undefined` where a replay differs. */
async function replayedFiles(
  recording: Recording,
  options: ReplayOptions,
): Promise<Uint8Array | undefined> {
  const { steps } = recording;
  const hasReturned = (step: (typeof steps)[number]) =>
    step.type === "call" && step.end?.kind === "result";
  const returned = steps.findLastIndex(hasReturned) + 1;
  const until = steps.findIndex((step, index) => index >= returned && step.type === "call");
  const survived = { ...recording, steps: until < 0 ? steps : steps.slice(0, until) };
  let zip: Uint8Array | undefined;
  const onFiles = async (files: Pick<TestPlugin["files"], "exportZip">) => {
    zip = await files.exportZip();
  };
  const signal = AbortSignal.timeout(GIVE_MS);
  // Not complete: the answers to the other calls are left.
  const { isSame } = await replay(
    { ...survived, isComplete: false },
    { ...options, onFiles, signal },
  );
  return isSame ? zip : undefined;
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

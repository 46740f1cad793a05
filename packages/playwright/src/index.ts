/**
 * Plugins of Cloche in Playwright's tests.
 *
 * @module @cloche/playwright
 */

export { expect } from "@playwright/test";
export type { PluginAttachments } from "./attachments.ts";
export type { CallTrace } from "./call-trace.ts";
export {
  type LoadTestPlugin,
  type PluginFixtureOptions,
  type PluginFixtures,
  type PluginTest,
  pluginTest,
  test,
} from "./plugin-test.ts";
export type { PluginSource, PluginTestOptions } from "./plugin-test-options.ts";
export type { TestFiles } from "./test-files.ts";
export type {
  DeclaredFunction,
  TestApi,
  TestCallOptions,
  TestFunction,
  TestPlugin,
  TestPluginParts,
} from "./test-plugin.ts";

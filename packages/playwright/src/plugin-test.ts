/** Playwright's `test` with a plugin. */

import {
  test as base,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestType,
} from "@playwright/test";
import type { UnknownFunctions } from "cloche";
import { attachPlugins, type LoadedPlugin, type PluginAttachments } from "./attachments.ts";
import { PluginPage } from "./plugin-page.ts";
import { type PluginSource, type PluginTestOptions, readModule } from "./plugin-test-options.ts";
import { TestPlugin } from "./test-plugin.ts";

/** Loads a plugin on a page of the test, which is closed at its end. */
export type LoadTestPlugin = <Functions = UnknownFunctions, Host = UnknownFunctions>(
  source: PluginSource,
  options?: PluginTestOptions<Host>,
) => Promise<TestPlugin<Functions>>;

/** What tests take. */
export interface PluginFixtures<Functions = UnknownFunctions> {
  /** The plugin of `pluginSource`, freshly loaded for each test. */
  plugin: TestPlugin<Functions>;
  /** Loads further plugins, or one with options that the test itself chooses. */
  loadPlugin: LoadTestPlugin;
}

/** What `test.use` and projects set. */
export interface PluginFixtureOptions {
  /** The module of `plugin`: a path from the folder of the configuration, a `file:` URL, or bytes. */
  pluginSource: PluginSource | undefined;
  /** The options of `plugin`, as `loadPlugin` of the library takes them. */
  pluginOptions: PluginTestOptions;
  /** Whether the page is cross-origin isolated. Default: `true`. */
  pluginIsolated: boolean;
  /** When output, files and calls are attached to the report. Default: `"only-on-failure"`. */
  pluginAttachments: PluginAttachments;
}

/** Playwright's `test` with these fixtures and options besides its own. */
export type PluginTest<Functions = UnknownFunctions> = TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & PluginFixtures<Functions> & PluginFixtureOptions,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
>;

/** Playwright's `test` with a plugin: set `pluginSource` by `test.use` or in a project. */
export const test: PluginTest = base.extend<PluginFixtures & PluginFixtureOptions>({
  pluginSource: [undefined, { option: true }],
  pluginOptions: [{}, { option: true }],
  pluginIsolated: [true, { option: true }],
  pluginAttachments: ["only-on-failure", { option: true }],
  loadPlugin: async ({ context, pluginIsolated, pluginAttachments }, use, testInfo) => {
    const page = new PluginPage(context, { isIsolated: pluginIsolated });
    const plugins: LoadedPlugin[] = [];
    await use(async <Functions, Host>(source: PluginSource, options?: PluginTestOptions<Host>) => {
      const module = await readModule(source, testInfo);
      const parts = { page, module, options: (options ?? {}) as PluginTestOptions };
      return TestPlugin.load<Functions>(parts, (plugin) => plugins.push({ ...parts, plugin }));
    });
    await attachPlugins(plugins, pluginAttachments, testInfo);
    await page.close();
  },
  plugin: async ({ loadPlugin, pluginSource, pluginOptions }, use) => {
    if (pluginSource === undefined) {
      throw new TypeError('Missing pluginSource (test.use({ pluginSource: "my.wasm" }))');
    }
    await use(await loadPlugin(pluginSource, pluginOptions));
  },
});

/**
 * Creates a `test` whose `plugin` is typed by the declarations of a plugin that describes itself, as
 * `cloche types` prints them.
 *
 * @param source The option `pluginSource`.
 * @param options The option `pluginOptions`.
 */
export function pluginTest<Functions, Host = UnknownFunctions>(
  source: PluginSource,
  options: PluginTestOptions<Host> = {},
): PluginTest<Functions> {
  const typed = test.extend({
    pluginSource: source,
    pluginOptions: options as PluginTestOptions,
  });
  return typed as unknown as PluginTest<Functions>;
}

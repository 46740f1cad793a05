/** The loader of a plugin on the development server: its plugins go on with each next version. */

import { HotPlugin, type PluginVersion } from "./hot-plugin.ts";
import type { PluginLoader } from "./plugin-loader.ts";

/** The part of `import.meta.hot` that a loader needs: what lasts from one version of a module to the next. */
export interface HotContext {
  // oxlint-disable-next-line typescript/no-explicit-any -- as Vite declares it
  readonly data: any;
}

/**
 * The loader of a module, the same for all versions of the module. A new version replaces the instances of
 * the plugins that it has loaded.
 */
export function hotLoader(hot: HotContext | undefined, version: PluginVersion): PluginLoader {
  const data = (hot?.data ?? {}) as { clocheLoader?: HotLoader };
  data.clocheLoader ??= new HotLoader(version);
  data.clocheLoader.update(version);
  return data.clocheLoader.load;
}

class HotLoader {
  #newest: PluginVersion;
  /** Weak, so that a plugin which the page has dropped ends as in a built page. */
  readonly #plugins: Set<WeakRef<HotPlugin>> = new Set();

  constructor(version: PluginVersion) {
    this.#newest = version;
  }

  readonly load: PluginLoader = async (options = {}) => {
    const plugin = await HotPlugin.load(this.#newest, options);
    // A version that has come meanwhile.
    void plugin.update(this.#newest);
    const reference = new WeakRef(plugin);
    this.#plugins.add(reference);
    void plugin.closed.then(() => this.#plugins.delete(reference));
    // A `Plugin` but for what is private to it.
    return plugin as never;
  };

  update(version: PluginVersion): void {
    this.#newest = version;
    for (const reference of this.#plugins) {
      const plugin = reference.deref();
      if (plugin === undefined) this.#plugins.delete(reference);
      else void plugin.update(version);
    }
  }
}

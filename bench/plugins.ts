/** The plugins under test, loaded as a user would. */

import { hostFunction, type LoadOptions, loadPlugin, type Plugin, t } from "cloche";
import { EVERYTHING_URL } from "./baselines.ts";

/** Loads the plugin that covers every type and imports three host functions. */
export function loadEverything(options: LoadOptions = {}): Promise<Plugin> {
  return loadPlugin(EVERYTHING_URL, {
    ...options,
    hostFunctions: {
      run: hostFunction([t.string], t.bytes, () => new Uint8Array()),
      add: hostFunction([t.i32, t.i32], t.i32, (a, b) => a + b),
      note: hostFunction([], t.unit, () => {}),
    },
  });
}

/** The library as the examples of the site import it: what an example opens can be ended. */

import * as cloche from "cloche";

export * from "cloche";

/** What ends each plugin, pool and prepared plugin that an example has opened. */
const ends: (() => void)[] = [];

/** Ends everything that an example has opened. */
export function endAll(): void {
  for (const end of ends.splice(0)) end();
}

export async function loadPlugin(
  ...args: Parameters<typeof cloche.loadPlugin>
): Promise<cloche.Plugin> {
  const plugin = await cloche.loadPlugin(...args);
  ends.push(() => plugin.terminate("the example is over"));
  return plugin;
}

export async function createPool(
  ...args: Parameters<typeof cloche.createPool>
): Promise<cloche.PluginPool> {
  const pool = await cloche.createPool(...args);
  ends.push(() => pool.terminate("the example is over"));
  return pool;
}

export async function prepare(
  ...args: Parameters<typeof cloche.prepare>
): Promise<cloche.PreparedPlugin> {
  const prepared = await cloche.prepare(...args);
  ends.push(() => void prepared.close());
  return prepared;
}

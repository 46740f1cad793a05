/** The script of the page: has the plugins, and does what the test asks. */

import { toWire } from "../wire/errors.ts";
import type { Outcome, PageRequests, Request } from "../wire/messages.ts";
import { pack, unpack } from "../wire/packing.ts";
import { ServedPlugin } from "./served-plugin.ts";

const plugins = new Map<number, ServedPlugin>();

/** Does what a packed request asks, and returns the packed outcome with the plugin's news. Never rejects. */
export async function answer(text: string): Promise<string> {
  const { plugin: id, method, args } = unpack(text) as Request<PageRequests>;
  const plugin = plugins.get(id) ?? new ServedPlugin(id);
  plugins.set(id, plugin);
  let outcome: Outcome;
  try {
    const request = plugin[method] as (...args: unknown[]) => unknown;
    outcome = { value: await request.apply(plugin, [...args]) };
  } catch (error) {
    outcome = { thrown: toWire(error) };
  }
  return pack({ outcome, news: plugin.news() }, "result");
}

/** Chooses how a guest waits for the page, from what the browser and the page's headers allow. */

import { PluginLoadError } from "../../errors.ts";
import { hasJspi } from "../../protocol/has-jspi.ts";
import type { BlockingWay } from "../../protocol/start-options.ts";

/**
 * How a guest waits while a host function runs.
 *
 * `"auto"` takes JSPI where the browser has it, since the worker then still serves `plugin.files`
 * while the guest waits; otherwise shared memory. Naming one takes that one or fails.
 */
export type Blocking = "auto" | BlockingWay;

const NEEDS: Readonly<Record<BlockingWay, string>> = {
  jspi: "JSPI (WebAssembly.Suspending), which this browser lacks",
  "shared-memory":
    "a cross-origin isolated page (headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp)",
};

/**
 * @param canShareMemory Whether page and worker can.
 * @throws {PluginLoadError} naming what is missing when no allowed way is there.
 */
export function chooseBlocking(
  request: Blocking,
  pluginName: string,
  canShareMemory: boolean,
): BlockingWay {
  const candidates: readonly BlockingWay[] =
    request === "auto" ? ["jspi", "shared-memory"] : [request];
  const isAvailable = { jspi: hasJspi(), "shared-memory": canShareMemory };
  const way = candidates.find((candidate) => isAvailable[candidate]);
  if (way !== undefined) return way;
  const needs = candidates.map((candidate) => NEEDS[candidate]).join(", or ");
  throw new PluginLoadError(
    `Cannot load plugin "${pluginName}": its host functions or its stdin are on the page, and nothing here lets a guest wait for that, expected ${needs}`,
    { pluginName },
  );
}

/** Chooses how a guest waits for the page: the browser and the page's headers limit the choice. */

import { PluginLoadError } from "../../errors.ts";
import { hasJspi } from "../../protocol/has-jspi.ts";
import type { BlockingWay } from "../../protocol/start-options.ts";
import { SEE_DOCTOR } from "../../wording/see-doctor.ts";

/**
 * How a guest waits while a host function runs.
 *
 * `"auto"` uses JSPI where the browser has it, because the worker then still serves `plugin.files`
 * while the guest waits; otherwise shared memory. A named way is used, or loading fails.
 */
export type Blocking = "auto" | BlockingWay;

const NEEDS: Readonly<Record<BlockingWay, string>> = {
  jspi: "JSPI (WebAssembly.Suspending), which this browser does not have",
  "shared-memory":
    "a cross-origin isolated page (headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp) in a browser with SharedArrayBuffer",
};

/**
 * @param canShareMemory Whether the page and the worker can share memory.
 * @throws {PluginLoadError} when no allowed way is available, with what is missing.
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
    `Cannot load plugin "${pluginName}": waiting for its host functions or its stdin needs ${needs}${SEE_DOCTOR}`,
    { pluginName },
  );
}

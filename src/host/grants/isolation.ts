import { isModule } from "../../brands.ts";
import { PluginLoadError } from "../../errors.ts";
import type { Blocking } from "./blocking.ts";
import type { InterruptionChoice } from "./interruption.ts";
import type { SettledSource } from "./module-source.ts";

/**
 * How far from the page a plugin lives.
 *
 * `"worker"`: in a worker of the page. `"strict"`: in a worker of a sandboxed frame, which has an
 * origin of its own that nobody shares, a policy that lets it load nothing, and in Chromium another
 * process, so that not even a crash of the browser's engine reaches the page. It starts later and
 * answers later.
 */
export type Isolation = "worker" | "strict";

/** @throws {PluginLoadError} for what a strictly isolated plugin cannot have. */
export function checkIsolation(
  source: SettledSource,
  pluginName: string,
  grants: {
    readonly isolation?: Isolation | undefined;
    readonly worker?: unknown;
    readonly blocking?: Blocking | undefined;
    readonly interruption?: InterruptionChoice | undefined;
  },
): void {
  if (grants.isolation !== "strict") return;
  const refuse = (found: string, expected: string) => {
    throw new PluginLoadError(
      `Cannot load plugin "${pluginName}" with isolation "strict": ${found}, expected ${expected}`,
      { pluginName },
    );
  };
  if (globalThis.document === undefined) refuse("nothing to put a frame into", "a page");
  if (grants.worker !== undefined) {
    refuse("a worker script of the page's origin", "none, or the text of one in wasi");
  }
  if (grants.blocking === "shared-memory") {
    refuse('blocking "shared-memory", and nothing is shared with it', '"jspi" or "auto"');
  }
  if (grants.interruption === "epoch") {
    refuse('interruption "epoch", and nothing is shared with it', '"fuel" or "auto"');
  }
  if (isModule(source)) {
    refuse("a compiled module, which stays in its process", "an address, a response or bytes");
  }
}

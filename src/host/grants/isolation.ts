import { isModule } from "../../brands.ts";
import { PluginLoadError } from "../../errors.ts";
import type { Isolation } from "../platform/worker-choice.ts";
import type { Blocking } from "./blocking.ts";
import type { InterruptionChoice } from "./interruption.ts";
import type { SettledSource } from "./module-source.ts";

/** @throws {PluginLoadError} for options that a strictly isolated plugin cannot have. */
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
  const refuse = (why: string) => {
    throw new PluginLoadError(
      `Cannot load plugin "${pluginName}" with isolation "strict": ${why}`,
      { pluginName },
    );
  };
  if (globalThis.document === undefined) refuse("it needs a document, and a worker has none");
  if (grants.worker !== undefined) {
    refuse("the option worker is a script of the page's origin (use wasi)");
  }
  if (grants.blocking === "shared-memory") {
    refuse('blocking "shared-memory" needs shared memory (use "jspi" or "auto")');
  }
  if (grants.interruption === "epoch") {
    refuse('interruption "epoch" needs shared memory (use "fuel" or "auto")');
  }
  if (isModule(source)) {
    refuse("a compiled module cannot leave its process (pass its address or bytes)");
  }
}

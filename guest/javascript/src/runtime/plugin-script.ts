import type { Description } from "../description.ts";
import type { SourceMap } from "./source-map.ts";

/** What the script of a plugin evaluates to. */
export interface PluginScript {
  /** Evaluates the module of the plugin. Returns what it exports. */
  readonly load: (sdk: object) => Record<string, (...values: unknown[]) => unknown>;
  readonly description: Description;
  readonly sourceMap: SourceMap;
}

/** What a module says of itself, for a page that loads it as a plugin. */

import { PluginError, PluginLinkError } from "../../errors.ts";
import type { Limits } from "../../limits.ts";
import { findSchema } from "../../schema/find-schema.ts";
import type { PluginSchema } from "../../schema/plugin-schema.ts";
import { describeThrown } from "../../wording/describe-thrown.ts";
import { limitError } from "../../wording/limit-error.ts";

/**
 * Reads the schema of a module; `undefined` for one that has none.
 *
 * @throws {PluginLinkError} when it cannot be read.
 * @throws {PluginLimitError} when it is longer than `schemaBytes`.
 */
export function readModuleSchema(
  module: Uint8Array | WebAssembly.Module,
  pluginName: string,
  { schemaBytes }: Pick<Limits, "schemaBytes">,
): PluginSchema | undefined {
  const exceeded = (value: number) =>
    limitError(pluginName, { limit: "schemaBytes", value, allowed: schemaBytes });
  try {
    return findSchema(module, { schemaBytes, exceeded });
  } catch (cause) {
    if (cause instanceof PluginError) throw cause;
    const message = `Cannot link plugin "${pluginName}": ${describeThrown(cause)}`;
    throw new PluginLinkError(message, { pluginName, cause });
  }
}

import { PluginFileError } from "../errors.ts";
import { errnoMeaning } from "./errno.ts";
import type { WasiError } from "./wasi-error.ts";

/**
 * Makes the error that the page gets for a failed file operation.
 *
 * @param verb What was attempted on the path, such as `stat` or `append to`.
 */
export function pluginFileError(
  { code, path = "" }: WasiError,
  verb: string,
  pluginName: string,
): PluginFileError {
  return new PluginFileError(
    `Cannot ${verb} ${JSON.stringify(path)} of plugin "${pluginName}": ${errnoMeaning(code)} (${code})`,
    { pluginName, code, path },
  );
}

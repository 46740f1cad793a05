import { functionName, shownList, shownName, wasmName } from "../../abi/names.ts";
import { PluginLinkError } from "../../errors.ts";
import { checkText } from "../grants/checks.ts";

/**
 * The number of a function among those that a plugin exports.
 *
 * @throws {PluginLinkError} when it exports no such function.
 * @throws {TypeError} for what is no name.
 */
export function findFunction(
  functions: readonly string[],
  name: string,
  pluginName: string,
): number {
  checkText(name, "name");
  const index = functions.indexOf(name);
  if (index >= 0) return index;
  const names = shownList(functions.map(shownName), ", ");
  const found = names === "" ? "it exports none" : `it exports ${names}`;
  const hint = functionName(name) === undefined ? "" : " (give the name without the underscores)";
  throw new PluginLinkError(
    `Cannot find function "${shownName(name)}" of plugin "${pluginName}": it has no export "${shownName(wasmName(name))}" of type (i64) -> i64${hint}; ${found}`,
    { pluginName },
  );
}

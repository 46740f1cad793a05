/**
 * The transform of `asc`: `--transform @cloche/assemblyscript`.
 */
export { PluginTransform as default } from "./transform.ts";

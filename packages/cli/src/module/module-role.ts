/** What a module can be loaded as. */

export type ModuleRole = "plugin" | "command" | "other";

/** Tells a module's role by its exports: a plugin allocates buffers, a command starts. */
export function moduleRole(exports: readonly { readonly name: string }[]): ModuleRole {
  const has = (wanted: string) => exports.some(({ name }) => name === wanted);
  if (has("__alloc_buffer")) return "plugin";
  return has("_start") ? "command" : "other";
}

/** The names of the runtime and of the plugin's script in stacks. */
export const RUNTIME_FILE = "cloche:runtime";
export const SCRIPT_FILE = "cloche:plugin";

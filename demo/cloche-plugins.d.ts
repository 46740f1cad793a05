// Made by @cloche/vite from the plugins that this project imports. Commit it, do not edit it.
/* eslint-disable */

// Plugin public/plugins/double.wasm
declare module "*/double.wasm?plugin" {
  /** The functions of the plugin. */
  export interface Double {
    double(x: readonly number[] | Float64Array): number[];
  }

  const load: import("@cloche/vite/loader").PluginLoader<Double>;
  export const url: string;
  export default load;
}

// Others, and several of one name.
declare module "*?plugin" {
  const load: import("@cloche/vite/loader").PluginLoader;
  export const url: string;
  export default load;
}

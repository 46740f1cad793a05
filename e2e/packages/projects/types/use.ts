// A user's module, which only has to compile.
import { loadPlugin, type Plugin, PluginError, runCommand, t } from "cloche";
import { declarePlugin } from "cloche/schema";
import * as slim from "cloche/slim";
import { wasmer } from "cloche/wasmer";

interface Words {
  shout(text: string, times: number): string | null;
}

export async function shout(): Promise<string | null> {
  const plugin: Plugin<Words> = await loadPlugin<Words>("/plugins/words.wasm");
  await plugin.function("count", [t.vec(t.f64)], t.u32)([1, 2]);
  // @ts-expect-error: it takes a text first
  await plugin.api.shout(1, 1);
  await plugin.close();
  return plugin.api.shout("hey", 2);
}

export async function run(): Promise<string> {
  try {
    const { stdout } = await runCommand("/plugins/tool.wasm", { wasi: wasmer() });
    return stdout;
  } catch (error) {
    return error instanceof PluginError ? error.pluginName : typeof declarePlugin;
  }
}

export const hosted = slim.loadPlugin("/plugins/words.wasm", { worker: "/worker.js" });
// @ts-expect-error: nothing says where the worker comes from
export const missing = slim.loadPlugin("/plugins/words.wasm");
// @ts-expect-error: nor here
export const empty = slim.createPool("/plugins/words.wasm", {});

// What a library of a user's exports has declarations of its own.
export const numbers = t.u32;
export const moment = t.duration;
export const choice = t.option(t.vec(t.bytes));
export const handle = t.resource("handle");

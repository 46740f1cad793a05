/** TypeScript to a plugin, in a worker. */

import { compile } from "@cloche/javascript/compile";
import templateUrl from "@cloche/javascript/template.wasm?url";
import type { Compile } from "./compiler-worker.ts";

const ENTRY = "plugin.ts";

/** Fetches what plugins are linked from. */
export async function loadTypescript(): Promise<Compile> {
  const response = await fetch(templateUrl);
  if (!response.ok) throw new Error(`Cannot fetch ${templateUrl}: status ${response.status}`);
  const template = new Uint8Array(await response.arrayBuffer());
  return (source) => compile({ [ENTRY]: source }, { entry: ENTRY, template });
}

import { loadPlugin } from "cloche";
import type { PLUGIN_INTERFACE } from "./build/PLUGIN_NAME.d.ts";

import address from "./build/PLUGIN_NAME.wasm?url";

const plugin = await loadPlugin<PLUGIN_INTERFACE>(address);

const find = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const input = find<HTMLInputElement>("name");

async function greet(): Promise<void> {
  find("greet").textContent = await plugin.api.greet(input.value);
}

input.addEventListener("input", greet);
await greet();
find("double").textContent = JSON.stringify(await plugin.api.double([1, 2, 3]));

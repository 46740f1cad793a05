/** All that the gallery offers. */

import { attackEntry } from "../attacks/attack-entry.ts";
import { programEntries } from "../terminal/program-entries.ts";
import { writeEntries } from "../write/write-entries.ts";
import type { GalleryEntry } from "./gallery-entry.ts";
import { pluginAddress } from "./plugin-address.ts";

const PLUGIN_TABS = ["call", "inspect"] as const;
const DOUBLE_EXAMPLE = { functionName: "double", argumentsJson: "[[1, 2.5, 21, -8, 0.05, 1500]]" };

function doubleEntry(
  id: string,
  file: string,
  language: string,
  code: GalleryEntry["code"],
): GalleryEntry {
  return {
    id,
    group: "Plugins",
    title: "double",
    detail: `in ${language}`,
    tabs: PLUGIN_TABS,
    program: () => ({ name: `${id}.wasm`, kind: "plugin", source: pluginAddress(file) }),
    example: DOUBLE_EXAMPLE,
    ...(code === undefined ? {} : { code }),
  };
}

export const galleryEntries: readonly GalleryEntry[] = [
  doubleEntry(
    "double",
    "double.wasm",
    "Rust",
    async () => (await import("../../../guest/rust/examples/double/src/lib.rs?raw")).default,
  ),
  doubleEntry(
    "double-c",
    "double-c.wasm",
    "C",
    async () => (await import("../../../guest/c/examples/double.c?raw")).default,
  ),
  doubleEntry(
    "double-assemblyscript",
    "double-assemblyscript.wasm",
    "AssemblyScript",
    async () => (await import("../../../guest/assemblyscript/examples/double.ts?raw")).default,
  ),
  doubleEntry(
    "double-javascript",
    "double-javascript.wasm",
    "TypeScript",
    async () => (await import("../../../guest/javascript/examples/double.ts?raw")).default,
  ),
  {
    id: "words",
    group: "Plugins",
    title: "Text tool",
    detail: "texts, a file, a host function",
    tabs: PLUGIN_TABS,
    program: () => ({
      name: "words.wasm",
      kind: "plugin",
      source: pluginAddress("words.wasm"),
      files: { "words.txt": "A bell of glass\nkeeps the weather out.\n" },
      hostFunctions: {
        run: (command: string) => new TextEncoder().encode(`The page ran “${command}”`),
      },
    }),
    example: { functionName: "shout", argumentsJson: '["under glass! ", 3]' },
    code: async () => (await import("../../../guest/c/examples/words.c?raw")).default,
  },
  {
    id: "pictures",
    group: "Plugins",
    title: "Picture filter",
    detail: "on a picture of yours",
    tabs: PLUGIN_TABS,
    program: () => ({
      name: "pictures.wasm",
      kind: "plugin",
      source: pluginAddress("pictures.wasm"),
    }),
    example: {
      functionName: "apply",
      argumentsJson:
        '[{ "width": 0, "height": 0, "rgba": { "file": "" } }, { "type": "Edges" }, 0.8]',
    },
    code: async () => (await import("../../../guest/c/examples/pictures.c?raw")).default,
  },
  attackEntry,
  ...programEntries,
  ...writeEntries,
];

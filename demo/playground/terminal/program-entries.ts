/** Programs of the gallery: commands that are used in the terminal. */

import type { GalleryEntry } from "../gallery/gallery-entry.ts";
import { pluginAddress } from "../gallery/plugin-address.ts";

export const programEntries: readonly GalleryEntry[] = [
  {
    id: "tool",
    group: "Programs",
    title: "A small tool",
    detail: "asks for a name, in C",
    tabs: ["terminal", "inspect"],
    program: () => ({
      name: "tool.wasm",
      kind: "command",
      source: pluginAddress("tool.wasm"),
      args: ["tool", "greet"],
    }),
  },
];

import type { GalleryEntry } from "../gallery/gallery-entry.ts";
import { pluginAddress } from "../gallery/plugin-address.ts";

/** So much as a page might allow a plugin of somebody unknown. */
const LIMITS = { memoryBytes: 64 * 1024 * 1024, outputBytes: 1024 * 1024 };

/** The hostile plugin: one entry for all attacks. */
export const attackEntry: GalleryEntry = {
  id: "hostile",
  group: "Attacks",
  title: "Under glass",
  detail: "six attacks on this page",
  tabs: ["attacks", "call", "inspect"],
  program: () => ({
    name: "hostile.wasm",
    kind: "plugin",
    source: pluginAddress("hostile.wasm"),
    limits: LIMITS,
  }),
  code: async () => (await import("../../../guest/c/examples/hostile.c?raw")).default,
};

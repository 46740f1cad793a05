/** Plugins of the gallery that are written on the page. */

import type { GalleryEntry } from "../gallery/gallery-entry.ts";
import { type LanguageId, WRITE_LANGUAGES } from "./write-language.ts";

function writeEntry(id: LanguageId, detail: string): GalleryEntry {
  return {
    id,
    group: "Yours",
    title: `Write ${WRITE_LANGUAGES[id].title}`,
    detail,
    tabs: ["write", "terminal", "inspect"],
  };
}

export const writeEntries: readonly GalleryEntry[] = [
  writeEntry("typescript", "compiled as you type"),
  writeEntry("assemblyscript", "compiled as you type"),
];

/** Plugins of the gallery that are written on the page. */

import type { GalleryEntry } from "../gallery/gallery-entry.ts";

export const writeEntries: readonly GalleryEntry[] = [];

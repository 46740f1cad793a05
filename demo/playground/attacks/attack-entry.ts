import type { GalleryEntry } from "../gallery/gallery-entry.ts";

/** The hostile plugins stand in one entry. */
export const attackEntry: readonly GalleryEntry[] = [];

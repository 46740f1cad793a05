import type { TabName } from "../tab-name.ts";
import type { Program } from "../workspace/program.ts";

/** The groups of the gallery, in their order. */
export const GALLERY_GROUPS = ["Plugins", "Attacks", "Programs", "Yours"] as const;

/** One line of the gallery. */
export interface GalleryEntry {
  /** Its name in share links, which lasts. */
  readonly id: string;
  readonly group: (typeof GALLERY_GROUPS)[number];
  readonly title: string;
  readonly detail: string;
  /** Whether it cannot be opened; the detail says why. */
  readonly isMissing?: boolean;
  /** What it opens; `undefined` for a tab that needs no program. May fetch it first. */
  readonly program?: () => Program | Promise<Program>;
  /** The tabs of the workbench, the first one to be shown first. */
  readonly tabs: readonly TabName[];
  /** The function that is chosen first, with its arguments as JSON. */
  readonly example?: { readonly functionName: string; readonly argumentsJson: string };
  /** The source, to be read. */
  readonly code?: () => Promise<string>;
}

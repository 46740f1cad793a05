/** What is chosen in the gallery and in the tabs. */

import { signal } from "@preact/signals";
import type { FileTree } from "cloche";
import type { GalleryEntry } from "./gallery/gallery-entry.ts";
import type { TabName } from "./tab-name.ts";
import { workspace } from "./workspace/workspace.ts";

/** The entry that is open; `undefined` for a module that was dropped. */
export const openEntry = signal<GalleryEntry | undefined>(undefined);
/** The tabs of the workbench, and the one that is shown. */
export const tabs = signal<readonly TabName[]>(["call"]);
export const tab = signal<TabName>("call");

/** Opens an entry of the gallery, with other files if a link has some. What goes wrong is shown as the state of the workspace. */
export async function openGalleryEntry(entry: GalleryEntry, files?: FileTree): Promise<void> {
  openEntry.value = entry;
  openTabs(entry.tabs);
  if (entry.program === undefined) return;
  const program = await entry.program();
  if (openEntry.peek() !== entry) return;
  await workspace.open(files === undefined ? program : { ...program, files });
}

/** Shows these tabs, the first of them in front. */
export function openTabs(names: readonly TabName[]): void {
  tabs.value = names;
  tab.value = names[0] ?? "call";
}

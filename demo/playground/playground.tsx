/** The page: gallery, workbench, and what is beside it. */

import { useEffect } from "preact/hooks";
import { FilesPanel } from "./files/files-panel.tsx";
import { Gallery } from "./gallery/gallery.tsx";
import { galleryEntries } from "./gallery/gallery-entries.ts";
import { useModuleDrop } from "./inspect/module-drop.ts";
import { OutputPanel } from "./output/output-panel.tsx";
import { openGalleryEntry } from "./selection.ts";
import { Workbench } from "./workbench.tsx";

export function Playground() {
  useEffect(() => {
    const [first] = galleryEntries;
    if (first !== undefined) void openGalleryEntry(first);
  }, []);
  const isTarget = useModuleDrop();
  return (
    <div class="playground" data-drop={isTarget ? "" : undefined}>
      <h1 class="visually-hidden">Playground</h1>
      <Gallery />
      <Workbench />
      <div class="side">
        <OutputPanel />
        <FilesPanel />
      </div>
    </div>
  );
}

/** The page: gallery, workbench, and what is beside it. */

import { useEffect } from "preact/hooks";
import { PageFindings } from "./doctor/page-findings.tsx";
import { FilesPanel } from "./files/files-panel.tsx";
import { Gallery } from "./gallery/gallery.tsx";
import { galleryEntries } from "./gallery/gallery-entries.ts";
import { GaugesPanel } from "./gauges/gauges-panel.tsx";
import { useModuleDrop } from "./inspect/module-drop.ts";
import { OutputPanel } from "./output/output-panel.tsx";
import { openGalleryEntry } from "./selection.ts";
import { Workbench } from "./workbench.tsx";

export function Playground() {
  useEffect(() => {
    void openFirst();
  }, []);
  const isTarget = useModuleDrop();
  return (
    <div class="playground" data-drop={isTarget ? "" : undefined}>
      <h1 class="visually-hidden">Playground</h1>
      <Gallery />
      <Workbench />
      <div class="side">
        <GaugesPanel />
        <OutputPanel />
        <FilesPanel />
        <PageFindings />
      </div>
    </div>
  );
}

/** What the address holds, or else the first entry. */
async function openFirst(): Promise<void> {
  if (location.hash.startsWith("#share=")) {
    const { openShareLink } = await import("./share/share-link.ts");
    if (await openShareLink()) return;
  }
  const [first] = galleryEntries;
  if (first !== undefined) await openGalleryEntry(first);
}

/** The list of what can be opened. */

import { openEntry, openGalleryEntry } from "../selection.ts";
import { galleryEntries } from "./gallery-entries.ts";
import { GALLERY_GROUPS } from "./gallery-entry.ts";

export function Gallery() {
  return (
    <nav class="gallery" aria-label="Gallery">
      {GALLERY_GROUPS.map((group) => {
        const entries = galleryEntries.filter((entry) => entry.group === group);
        if (entries.length === 0) return null;
        return (
          <section key={group} class="gallery-group">
            <h2>{group}</h2>
            <ul>
              {entries.map((entry) => (
                <li key={entry.id}>
                  <button
                    type="button"
                    class="gallery-entry"
                    aria-current={openEntry.value === entry ? "true" : undefined}
                    onClick={() => void openGalleryEntry(entry)}
                  >
                    <span class="gallery-title">{entry.title}</span>
                    <span class="gallery-detail">{entry.detail}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}

/** The list of what can be opened. */

import { openModule } from "../inspect/open-module.ts";
import { openEntry, openGalleryEntry } from "../selection.ts";
import { workspace } from "../workspace/workspace.ts";
import { galleryEntries } from "./gallery-entries.ts";
import { GALLERY_GROUPS } from "./gallery-entry.ts";

export function Gallery() {
  return (
    <nav class="gallery" aria-label="Gallery">
      {GALLERY_GROUPS.map((group) => {
        const entries = galleryEntries.filter((entry) => entry.group === group);
        if (entries.length === 0 && group !== "Yours") return null;
        return (
          <section key={group} class="gallery-group">
            <h2>{group}</h2>
            <ul>
              {entries.map((entry) => (
                <li key={entry.id}>
                  <button
                    type="button"
                    class="gallery-entry"
                    disabled={entry.isMissing === true}
                    aria-current={openEntry.value === entry ? "true" : undefined}
                    onClick={() => void openGalleryEntry(entry)}
                  >
                    <span class="gallery-title">{entry.title}</span>
                    <span class="gallery-detail">{entry.detail}</span>
                  </button>
                </li>
              ))}
              {group === "Yours" && <OpenModule />}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}

/** A module of the user's; it can be dropped anywhere on the page too. */
function OpenModule() {
  return (
    <li>
      <label
        class="gallery-entry upload"
        data-open={
          workspace.program.value !== undefined && openEntry.value === undefined ? "" : undefined
        }
      >
        <span class="gallery-title">Open a .wasm</span>
        <span class="gallery-detail">or drop it anywhere</span>
        <input
          type="file"
          accept=".wasm,application/wasm"
          onChange={(event) => {
            const file = event.currentTarget.files?.item(0);
            if (file) void openModule(file);
            event.currentTarget.value = "";
          }}
        />
      </label>
    </li>
  );
}

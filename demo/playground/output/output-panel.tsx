/** Standard output and standard error of a plugin, beside the workbench. */

import { tab } from "../selection.ts";
import { workspace } from "../workspace/workspace.ts";
import { OutputView } from "./output-view.tsx";

export function OutputPanel() {
  if (tab.value === "terminal" || tab.value === "attacks") return null;
  return (
    <section class="card panel" aria-labelledby="output-title">
      <div class="panel-bar">
        <h2 id="output-title">Output</h2>
        <button type="button" class="chip-button" onClick={() => workspace.output.clear()}>
          Clear
        </button>
      </div>
      <OutputView label="stdout and stderr" />
    </section>
  );
}

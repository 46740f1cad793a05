/** The middle of the page: the open program with its state, and the tabs. */

import { ProgramBar } from "./program-bar.tsx";
import { tab, tabs } from "./selection.ts";
import type { TabName } from "./tab-name.ts";
import { TABS } from "./tabs.tsx";

export function Workbench() {
  const shown = tab.value;
  const { Panel } = TABS[shown];
  return (
    <section class="card workbench" id="workbench" aria-label="Workbench" tabIndex={-1}>
      <ProgramBar />
      {tabs.value.length > 1 && (
        <div class="tabs" role="tablist" aria-label="Views" onKeyDown={moveWithArrows}>
          {tabs.value.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              class="tab"
              id={`tab-${name}`}
              aria-selected={name === shown}
              aria-controls="tab-panel"
              tabIndex={name === shown ? 0 : -1}
              onClick={() => {
                tab.value = name;
              }}
            >
              {TABS[name].title}
            </button>
          ))}
        </div>
      )}
      <div id="tab-panel" class="tab-panel" {...panelRole(shown)}>
        <Panel key={shown} />
      </div>
    </section>
  );
}

function panelRole(shown: TabName) {
  return tabs.value.length > 1
    ? { role: "tabpanel" as const, "aria-labelledby": `tab-${shown}` }
    : {};
}

/** The arrow keys go through the tabs, as screen readers announce. */
function moveWithArrows(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const names = tabs.peek();
  const next = names[(names.indexOf(tab.peek()) + step + names.length) % names.length];
  if (next === undefined) return;
  tab.value = next;
  document.getElementById(`tab-${next}`)?.focus();
}

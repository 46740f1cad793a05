/** The open program: its name, its state, and what ends it. */

import { durationText } from "../duration.ts";
import { errorText } from "../error-text.ts";
import { ShareButton } from "./share/share-button.tsx";
import type { WorkspaceState } from "./workspace/program.ts";
import { workspace } from "./workspace/workspace.ts";

const STATE_TEXTS: Readonly<Record<WorkspaceState["kind"], string>> = {
  empty: "Nothing is open",
  loading: "Loading",
  ready: "Ready",
  running: "Running",
  ended: "Ended",
  failed: "Failed",
};

export function ProgramBar() {
  const program = workspace.program.value;
  const state = workspace.state.value;
  const isOver = state.kind === "ended" || state.kind === "failed";
  return (
    <div class="program-bar" data-state={state.kind}>
      <h2>
        <code>{program?.name ?? "–"}</code>
      </h2>
      <p class="state" role="status">
        {STATE_TEXTS[state.kind]}
        {state.kind === "ready" && workspace.loadMs.value !== undefined && (
          <span class="state-detail">loaded in {durationText(workspace.loadMs.value, 0)}</span>
        )}
      </p>
      <div class="program-tools">
        {state.kind === "running" && (
          <button type="button" class="button" onClick={() => workspace.stop()}>
            Stop
          </button>
        )}
        <button
          type="button"
          class="button"
          disabled={program === undefined || state.kind === "loading"}
          onClick={() => void workspace.restart()}
        >
          Restart
        </button>
        <button
          type="button"
          class="button"
          disabled={isOver || state.kind === "empty" || state.kind === "loading"}
          onClick={() => void workspace.kill()}
        >
          Kill
        </button>
        <ShareButton />
      </div>
      {state.kind === "ended" && <p class="program-note">{state.reason}.</p>}
      {state.kind === "failed" && (
        <p class="program-note error-text" role="alert">
          {errorText(state.error)}
        </p>
      )}
    </div>
  );
}

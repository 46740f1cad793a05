/** A terminal for the open program: what it writes, and a line to answer it. */

import { OutputView } from "../output/output-view.tsx";
import { canGuestsWait, workspace } from "../workspace/workspace.ts";

export function TerminalPanel() {
  const isRunning = workspace.state.value.kind === "running";
  return (
    <div class="panel-body">
      <OutputView label="Output of the program" />
      {canGuestsWait ? (
        <form
          class="input-line"
          onSubmit={(event) => {
            event.preventDefault();
            const field = event.currentTarget.elements.namedItem("line");
            if (!(field instanceof HTMLInputElement)) return;
            workspace.input.send(`${field.value}\n`);
            field.value = "";
          }}
        >
          <label for="terminal-line">Input</label>
          <input
            id="terminal-line"
            name="line"
            class="text-field"
            autocomplete="off"
            disabled={!isRunning}
          />
          <button type="submit" class="button" disabled={!isRunning}>
            Send
          </button>
          <button
            type="button"
            class="button"
            disabled={!isRunning}
            onClick={() => workspace.input.end()}
          >
            End input
          </button>
        </form>
      ) : (
        <p class="quiet-text">
          This browser cannot let a program wait for input: it has no JSPI, and the page is not
          cross-origin isolated.
        </p>
      )}
    </div>
  );
}

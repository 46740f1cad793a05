/** A terminal for the open program. */

import "../styles/terminal.css";
import { useEffect, useRef } from "preact/hooks";
import { canGuestsWait, workspace } from "../workspace/workspace.ts";
import { terminalSession } from "./terminal-session.ts";

export function TerminalPanel() {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (frame.current === null) return;
    const hide = terminalSession().showIn(frame.current);
    return hide;
  }, []);
  const isRunning = workspace.state.value.kind === "running";
  return (
    <div class="terminal-panel">
      <div ref={frame} class="terminal-frame" />
      <div class="terminal-bar">
        <button
          type="button"
          class="chip-button"
          disabled={!isRunning}
          onClick={() => terminalSession().interrupt()}
        >
          Interrupt (Ctrl+C)
        </button>
        <button
          type="button"
          class="chip-button"
          disabled={!isRunning || !canGuestsWait}
          onClick={() => terminalSession().endInput()}
        >
          End the input (Ctrl+D)
        </button>
        <p class="terminal-hint">{hint()}</p>
      </div>
    </div>
  );
}

function hint(): string {
  if (!canGuestsWait) {
    return "Programs cannot wait for what you type: this browser has no JSPI, and the page is not cross-origin isolated. Their input is empty.";
  }
  return workspace.program.value?.hint ?? "";
}

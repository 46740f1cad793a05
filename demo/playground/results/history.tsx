/** The calls that were made, the newest first. */

import { durationText } from "../../duration.ts";
import { wantCall } from "../call-form/form-state.ts";
import type { CallRecord } from "../workspace/call-record.ts";
import { workspace } from "../workspace/workspace.ts";
import { chosenCall, shownCall } from "./result-card.tsx";

const SHOWN_ARGUMENTS = 80;

export function History() {
  const calls = workspace.calls.value;
  if (calls.length < 2) return null;
  return (
    <section class="history" aria-labelledby="history-title">
      <h3 id="history-title">Calls</h3>
      <ol>
        {calls.map((record) => (
          <li key={record.id}>
            <button
              type="button"
              class="history-entry"
              aria-current={record === shownCall.value ? "true" : undefined}
              onClick={() => {
                chosenCall.value = record;
                wantCall(record);
              }}
            >
              <span class="history-time">{timeText(record.endedAtMs)}</span>
              <code>
                {record.functionName}({argumentsText(record)})
              </code>
              <span class={record.outcome.kind === "error" ? "error-text" : "history-ok"}>
                {outcomeText(record)}
              </span>
              <span class="history-duration">{durationText(record.durationMs, 0)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function timeText(ms: number): string {
  return new Date(ms).toLocaleTimeString("en-GB");
}

function argumentsText({ argumentsJson }: CallRecord): string {
  const text = argumentsJson.replace(/\s+/g, " ").slice(1, -1).trim();
  return text.length > SHOWN_ARGUMENTS ? `${text.slice(0, SHOWN_ARGUMENTS)}…` : text;
}

function outcomeText({ outcome }: CallRecord): string {
  if (outcome.kind === "value") return "returned";
  return outcome.error instanceof Error ? outcome.error.name : "thrown";
}

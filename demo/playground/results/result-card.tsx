/** The result of the last call, or of one that was chosen in the history. */

import { computed, signal } from "@preact/signals";
import type { TypeDescription } from "cloche";
import { useEffect, useRef, useState } from "preact/hooks";
import { durationText } from "../../duration.ts";
import { reportOfError } from "../../error-report.ts";
import { book } from "../call-form/form-state.ts";
import { Choice } from "../choice.tsx";
import type { CallRecord } from "../workspace/call-record.ts";
import { workspace } from "../workspace/workspace.ts";
import { viewsOf } from "./result-view.ts";
import { ViewOfResult } from "./view-of-result.tsx";

/** The call that was chosen in the history; a newer one replaces it. */
export const chosenCall = signal<CallRecord | undefined>(undefined);

/** The call whose result is shown. */
export const shownCall = computed(() => {
  const calls = workspace.calls.value;
  const chosen = chosenCall.value;
  return chosen !== undefined && calls.includes(chosen) ? chosen : calls[0];
});

export function ResultCard() {
  const shown = shownCall.value;
  if (shown === undefined) return null;
  const { outcome } = shown;
  return (
    <section class="result" aria-label="Result">
      {outcome.kind === "error" ? (
        <ErrorResult key={shown.id} error={outcome.error} durationMs={shown.durationMs} />
      ) : (
        <ValueResult {...outcome} durationMs={shown.durationMs} />
      )}
    </section>
  );
}

function ErrorResult({
  error,
  durationMs,
}: {
  readonly error: unknown;
  readonly durationMs: number;
}) {
  const report = useRef<HTMLDivElement>(null);
  useEffect(() => {
    report.current?.replaceChildren(...reportOfError(error, durationText(durationMs, 0)));
  }, [error, durationMs]);
  return <div ref={report} role="status" class="result-error" />;
}

function ValueResult({
  type,
  value,
  durationMs,
}: {
  readonly type: TypeDescription;
  readonly value: unknown;
  readonly durationMs: number;
}) {
  const [wanted, setWanted] = useState("");
  const views = viewsOf(type, value, book.value);
  const view = views.find(({ name }) => name === wanted) ?? views[0];
  const verdict = verdictOf(type, value);
  return (
    <>
      <div class="result-bar">
        <div role="status">
          <h3 class="report-name" data-kind={verdict === "Err" ? undefined : "value"}>
            <span class="report-class">{verdict}</span>
            <span class="report-time">after {durationText(durationMs, 0)}</span>
          </h3>
        </div>
        {views.length > 1 && view !== undefined && (
          <Choice
            label="View of the result"
            names={views.map(({ name }) => name)}
            chosen={view.name}
            onChange={setWanted}
          />
        )}
      </div>
      {view !== undefined && <ViewOfResult view={view} type={type} value={value} />}
    </>
  );
}

/** Whether a result of `Result` is an error of the function. */
function verdictOf(type: TypeDescription, value: unknown): string {
  if (book.peek().resolve(type).kind !== "result") return "Returned";
  return (value as { readonly ok: boolean }).ok ? "Ok" : "Err";
}

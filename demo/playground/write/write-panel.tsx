/** The editor for a plugin that is written on the page, what its compiler says, and its form. */

import "../styles/write.css";
import { useEffect, useRef } from "preact/hooks";
import { durationText } from "../../duration.ts";
import { CallPanel } from "../call-form/call-panel.tsx";
import { openEntry } from "../selection.ts";
import { workspace } from "../workspace/workspace.ts";
import { lineOf, type SourceDiagnostic } from "./source-diagnostic.ts";
import { SourceEditor } from "./source-editor.ts";
import { WRITE_LANGUAGES } from "./write-language.ts";
import { type WrittenPlugin, writtenPlugins } from "./written-plugin.ts";

export function WritePanel() {
  const id = openEntry.value?.id;
  if (id !== "typescript" && id !== "assemblyscript") return null;
  return <Writer key={id} written={writtenPlugins[id]} />;
}

function Writer({ written }: { readonly written: WrittenPlugin }) {
  const { title, example } = WRITE_LANGUAGES[written.language];
  const frame = useRef<HTMLDivElement>(null);
  const editor = useRef<SourceEditor | undefined>(undefined);
  const source = written.source.value;
  const diagnostics = written.diagnostics.value;
  const hasSource = source !== undefined;

  useEffect(() => void written.open(), [written]);
  useEffect(() => {
    const text = written.source.peek();
    if (frame.current === null || text === undefined) return;
    const opened = new SourceEditor({
      parent: frame.current,
      text,
      label: `Source of the plugin, in ${title}`,
      onEdit: (edited) => written.edit(edited),
    });
    editor.current = opened;
    return () => {
      editor.current = undefined;
      opened.close();
    };
  }, [written, title, hasSource]);
  useEffect(() => editor.current?.showDiagnostics(diagnostics), [diagnostics, hasSource]);

  const startAgain = async () => editor.current?.replace(await example());
  return (
    <div class="writer">
      <div ref={frame} class="source-editor" />
      <div class="writer-bar">
        <p class="state" role="status" data-state={toneOf(written)}>
          {stateText(written)}
        </p>
        <span class="writer-hint">Esc, then Tab leaves the editor</span>
        <button type="button" class="chip-button" onClick={() => void startAgain()}>
          Start from the example
        </button>
      </div>
      {diagnostics.length > 0 && (
        <ul class="diagnostics" aria-label="Messages of the compiler">
          {diagnostics.map((each, index) => (
            <li key={index} data-severity={each.severity}>
              <button type="button" onClick={() => editor.current?.goTo(each.from)}>
                <span class="diagnostic-place">{placeText(each, source ?? "")}</span> {each.message}
              </button>
            </li>
          ))}
        </ul>
      )}
      <CallPanel />
    </div>
  );
}

function placeText({ severity, from, to }: SourceDiagnostic, source: string): string {
  const what = { error: "Error", warning: "Warning", info: "Note" }[severity];
  return from === 0 && to === 0 ? `${what}:` : `${what} in line ${lineOf(source, from)}:`;
}

function toneOf({ state }: WrittenPlugin): "loading" | "ready" | "failed" {
  const { kind } = state.value;
  if (kind === "running") return "ready";
  return kind === "fetching" || kind === "compiling" ? "loading" : "failed";
}

function stateText({ state, language, diagnostics }: WrittenPlugin): string {
  const now = state.value;
  const goesOn =
    workspace.plugin.value !== undefined &&
    workspace.program.value?.name === WRITE_LANGUAGES[language].program.name;
  const before = goesOn ? "; the last good version goes on" : "";
  switch (now.kind) {
    case "fetching":
      return `Fetching ${WRITE_LANGUAGES[language].compiler} …`;
    case "compiling":
      return "Compiling …";
    case "running":
      return `Running, compiled in ${durationText(now.compileMs, 0)}`;
    case "wrong": {
      const count = diagnostics.value.filter(({ severity }) => severity === "error").length;
      return `${count} ${count === 1 ? "error" : "errors"}${before}`;
    }
    case "refused":
      return `The plugin cannot be loaded: ${now.reason}${before}`;
    case "crashed":
      return `The compiler stopped: ${now.reason}. Your next change starts it again${before}`;
  }
}

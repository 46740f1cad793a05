/** The live part of the page: sends what is typed to the plugin and shows the results. */

import type { Interruption } from "cloche";
import type { CallTiming } from "./call-timing.ts";
import { durationText } from "./duration.ts";
import { errorText } from "./error-text.ts";
import { LivePlugin, type LiveState } from "./live-plugin.ts";
import { NumberEditor } from "./number-editor.ts";
import { numberText } from "./number-list.ts";
import { pageElement } from "./page-element.ts";
import { Terminal } from "./terminal.ts";

const STATE_TEXTS: Readonly<Record<LiveState["kind"], string>> = {
  loading: "Loading",
  ready: "Ready",
  running: "Running",
  ended: "Terminated",
  failed: "Failed",
};

/** How an endless loop is stopped, in words. */
const INTERRUPTIONS: Readonly<Record<Interruption, string>> = {
  epoch: "A flag in shared memory",
  fuel: "Counting instructions",
  terminate: "Ending its worker",
};

/** The shortest time between two animations of the threads. */
const BEAT_MS = 700;
/** Announcements for screen readers wait until the typing pauses. */
const ANNOUNCE_MS = 900;
const ANNOUNCED_NUMBERS = 8;
/** The first call is slower than the rest; so many in a row show the usual time. */
const FIRST_CALLS = 12;

/** Resolves when the plugin is ready or could not be loaded. */
export async function startLiveSection(timing: CallTiming, clockStepMs: number): Promise<void> {
  const section = pageElement("live", HTMLElement);
  const stage = pageElement("stage", HTMLElement);
  const toggle = pageElement("live-toggle", HTMLButtonElement);
  const state = pageElement("live-state", HTMLElement);
  const loadTime = pageElement("load-time", HTMLElement);
  const argumentBytes = pageElement("argument-bytes", HTMLElement);
  const announce = createAnnouncer();
  const terminal = new Terminal(pageElement("live-terminal", HTMLElement));
  let isGone = false;
  let lastBeatMs = 0;
  let callsToMake = FIRST_CALLS;
  let values: readonly number[] = [];

  const beat = () => {
    const nowMs = performance.now();
    if (nowMs - lastBeatMs < BEAT_MS) return;
    lastBeatMs = nowMs;
    // Two names for the same animation: changing the name restarts it.
    stage.dataset["beat"] = stage.dataset["beat"] === "a" ? "b" : "a";
  };

  const plugin = new LivePlugin({
    onState: (next) => {
      isGone = next.kind === "ended" || next.kind === "failed";
      section.dataset["state"] = next.kind;
      state.textContent = STATE_TEXTS[next.kind];
      toggle.textContent = isGone ? "Load again" : "Terminate";
      toggle.disabled = next.kind === "loading";
      if ("reason" in next)
        editor.setNotice(`${next.reason} The results shown are from the last call.`);
      else if (next.kind === "ready") editor.setNotice("");
    },
    onLoaded: (durationMs, interruption) => {
      pageElement("fact-interruption", HTMLElement).textContent = INTERRUPTIONS[interruption];
      loadTime.textContent = durationText(durationMs, clockStepMs);
    },
    onAnswer: (answers, durationMs) => {
      timing.add(durationMs);
      editor.rows.showAnswers(answers);
      beat();
      callsToMake -= 1;
      if (callsToMake > 0) plugin.double(values);
      // The first results come with the page and are not announced.
      else if (callsToMake < 0) announce(answers);
    },
    onCallError: (error) => editor.setNotice(errorText(error)),
    onOutput: (stream, text) => terminal.write(stream, text),
  });

  const editor = new NumberEditor((edited) => {
    values = edited;
    // A u64 for the length, and eight bytes for each number.
    argumentBytes.textContent = `${(8 + 8 * values.length).toLocaleString("en")} bytes`;
    plugin.double(values);
  });
  wireTools(editor);
  toggle.addEventListener("click", () => {
    if (isGone) void plugin.load();
    else plugin.terminate();
  });
  await plugin.load();
}

function wireTools(editor: NumberEditor): void {
  pageElement("add-number", HTMLButtonElement).addEventListener("click", () => editor.add("1"));
  for (const button of document.querySelectorAll<HTMLButtonElement>(".field-tools button")) {
    const { numbers, count } = button.dataset;
    const texts = numbers?.split(", ") ?? squareRoots(Number(count ?? 0));
    if (texts.length > 0) button.addEventListener("click", () => editor.setNumbers(texts));
  }
}

/** The square roots of 1, 2, 3 … to three decimal places. */
function squareRoots(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    numberText(Number(Math.sqrt(index + 1).toFixed(3))),
  );
}

function createAnnouncer(): (answers: readonly number[]) => void {
  const announcement = pageElement("announcement", HTMLElement);
  let timer = 0;
  return (answers) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      const said = answers.slice(0, ANNOUNCED_NUMBERS).map(numberText).join(", ");
      const rest = answers.length - ANNOUNCED_NUMBERS;
      announcement.textContent = `Doubled: ${said}${rest > 0 ? ` and ${rest} more` : ""}`;
    }, ANNOUNCE_MS);
  };
}

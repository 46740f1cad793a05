/** The page of editors: three documents with their plugins, in two editors. */

import { LanguageTools, type ToolsState } from "@cloche/editor";
// oxlint-disable-next-line import/default -- as below
import pluginCode from "../../guest/javascript/examples/todos.ts?raw";
import { showCode } from "../code-view.ts";
import { createElement, pageElement } from "../page-element.ts";
import { type DemoDocument, DOCUMENTS } from "./documents.ts";
import type { EditorPane } from "./editor-pane.ts";
// oxlint-disable-next-line import/default -- Vite gives the text of a file, whatever it exports.
import pageCode from "./page-example.ts?raw";
import { PauseMeter } from "./pause-meter.ts";

const pane = pageElement("pane", HTMLElement);
const state = pageElement("state", HTMLElement);
const message = pageElement("message", HTMLElement);
const log = pageElement("log", HTMLElement);
const breakers = pageElement("break", HTMLElement);

/** Texts and tools last while the editor changes. */
const texts = new Map(DOCUMENTS.map(({ id, text }) => [id, text]));
const tools = new Map<string, LanguageTools>();

let opened: EditorPane | undefined;
let openedId = "";
/** Documents whose plugin is loaded, and when the plugins of others failed. */
const loaded = new Set<string>();
const broken = new Map<string, number>();
/** Counts what was opened: what comes late is dropped. */
let turn = 0;

const pause = new PauseMeter(pageElement("pause", HTMLElement));
const startMs = performance.now();

/** The newest lines of the log. */
const MAX_LINES = 100;

const PHASES: Readonly<Record<ToolsState["phase"], string>> = {
  loading: "Loading",
  ready: "Ready",
  busy: "Working",
  recovering: "Recovering",
  failed: "Failed",
  closed: "Closed",
};

showCode(pageElement("code-plugin", HTMLElement), pluginCode.trim());
showCode(pageElement("code-page", HTMLElement), pageCode.trim());
listDocuments();
for (const input of document.querySelectorAll(".choices input"))
  input.addEventListener("change", () => void open());
pageElement("format", HTMLButtonElement).addEventListener("click", () => {
  say("");
  opened?.format();
});
pageElement("save", HTMLButtonElement).addEventListener("click", () => {
  say("");
  opened?.save();
});
setInterval(() => {
  const findings = opened?.findings ?? 0;
  pageElement("findings", HTMLElement).textContent = String(findings);
}, 100);
await open();

function listDocuments(): void {
  for (const [index, { id, label }] of DOCUMENTS.entries()) {
    const choice = createElement("label", "choice");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "document", value: id, checked: index === 0 });
    choice.append(input, createElement("span", "", label));
    pageElement("documents", HTMLElement).append(choice);
  }
}

function chosen(name: string): string {
  return document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? "";
}

/** Opens the chosen document in the chosen editor. */
async function open(): Promise<void> {
  const document = DOCUMENTS.find(({ id }) => id === chosen("document"));
  if (document === undefined) return;
  const mine = (turn += 1);
  say("");
  closePane();
  pageElement("hint", HTMLElement).textContent = document.hint;
  listBreakers(document);
  const language = toolsFor(document);
  show(document, language.state);
  pane.ariaBusy = "true";
  const openEditor = await editorNamed(chosen("editor")).catch((error: unknown) => {
    if (mine === turn) say(`The editor did not load: ${whyNot(error)}`, true);
  });
  if (mine !== turn || openEditor === undefined) return;
  /** Why the last format did nothing. */
  let failure: unknown;
  opened = openEditor({
    parent: pane,
    document,
    text: texts.get(document.id) ?? "",
    tools: language,
    save(text) {
      const how = failure === undefined ? "" : ` as they are: ${whyNot(failure)}`;
      say(`Saved ${text.length} characters${how}`, failure !== undefined);
    },
    onFormat(reason) {
      failure = reason;
      if (mine === turn)
        say(reason === undefined ? "Formatted" : whyNot(reason), reason !== undefined);
    },
  });
  openedId = document.id;
  pane.ariaBusy = "false";
  pause.reset();
}

function closePane(): void {
  if (opened === undefined) return;
  texts.set(openedId, opened.text);
  opened.dispose();
  opened = undefined;
  pane.replaceChildren();
}

async function editorNamed(name: string) {
  if (name === "monaco") return (await import("./monaco-pane.ts")).openMonaco;
  return (await import("./code-mirror-pane.ts")).openCodeMirror;
}

function toolsFor(document: DemoDocument): LanguageTools {
  const known = tools.get(document.id);
  if (known !== undefined) return known;
  const url = new URL(`../../plugins/${document.plugin}.wasm`, location.href);
  const made = new LanguageTools(url);
  made.subscribe((current) => {
    report(document, current, made);
    if (chosen("document") === document.id) show(document, current);
  });
  tools.set(document.id, made);
  return made;
}

function show({ id, plugin }: DemoDocument, { phase }: ToolsState): void {
  // A call of a few milliseconds would only flicker.
  const label = `${plugin}.wasm: ${PHASES[phase].toLowerCase()}`;
  if (phase !== "busy") state.textContent = label;
  else
    setTimeout(() => {
      const current = tools.get(id)?.state;
      if (current?.phase === "busy" && chosen("document") === id) state.textContent = label;
    }, 150);
  state.dataset["state"] = phase;
  pageElement("restarts", HTMLElement).textContent = String(tools.get(id)?.restarts ?? 0);
}

/** Tells of failures and recoveries; of all else there would be too much. */
function report(
  { id, plugin }: DemoDocument,
  { phase, error }: ToolsState,
  of: LanguageTools,
): void {
  if (phase === "recovering" || phase === "failed") {
    broken.set(id, performance.now());
    write(whyNot(error), "stderr");
  } else if (phase === "ready" && broken.has(id)) {
    const tookMs = performance.now() - (broken.get(id) ?? 0);
    broken.delete(id);
    write(`${plugin}.wasm is back after ${Math.max(1, Math.round(tookMs))} ms`);
  } else if (phase === "ready" && error === undefined && of.restarts === 0 && !loaded.has(id)) {
    loaded.add(id);
    // What the page does to start is no pause of a plugin.
    pause.reset();
    write(`${plugin}.wasm is loaded`);
  }
}

function listBreakers({ hazards }: DemoDocument): void {
  breakers.hidden = hazards.length === 0;
  const buttons = hazards.map(({ word, label }) => {
    const button = createElement("button", "button", label);
    button.addEventListener("click", () => {
      pause.reset();
      opened?.append(` ${word}`);
    });
    return button;
  });
  const repair = createElement("button", "button", "Take the words out");
  repair.addEventListener("click", () => opened?.takeOut(hazards.map(({ word }) => word)));
  for (const button of [...buttons, repair]) button.type = "button";
  breakers.replaceChildren(...buttons, repair);
}

function whyNot(failure: unknown): string {
  if (failure instanceof DOMException && failure.name === "TimeoutError")
    return "The format took too long";
  return failure instanceof Error ? failure.message : String(failure);
}

function say(text: string, isProblem = false): void {
  message.textContent = text;
  message.dataset["kind"] = isProblem ? "problem" : "";
}

function write(text: string, kind = ""): void {
  const time = ((performance.now() - startMs) / 1000).toFixed(1);
  log.append(createElement("div", `terminal-line ${kind}`, `${time} s  ${text}`));
  while (log.childElementCount > MAX_LINES) log.firstElementChild?.remove();
  log.scrollTop = log.scrollHeight;
}

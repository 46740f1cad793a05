/** Shows the result of a call: a value, or an error's class, message and fields. */

import { CodecError, PluginError, PluginTrapError } from "cloche";
import { createElement } from "./page-element.ts";

/** Fields that are shown elsewhere, or are the same in every report. */
const SHOWN_ELSEWHERE = new Set(["stack", "message", "name", "frames", "guestStack", "stderr"]);
/** Fields that Firefox adds to every error. */
const FROM_FIREFOX = new Set(["fileName", "lineNumber", "columnNumber"]);

export function reportOfError(error: unknown, duration: string): Node[] {
  if (!(error instanceof Error)) return [heading("Thrown", duration), message(String(error))];
  const nodes: Node[] = [heading(error.name, duration), message(error.message)];
  nodes.push(fieldsOf(error));
  if (error instanceof PluginTrapError) {
    nodes.push(...block("stderr", error.stderr), ...block("guestStack", error.guestStack));
  }
  return nodes;
}

export function reportOfValue(value: unknown, duration: string): Node[] {
  const text =
    value === undefined
      ? "The call returned undefined, as its type t.unit says."
      : JSON.stringify(value);
  const title = heading("Returned", duration);
  title.dataset["kind"] = "value";
  return [title, message(text)];
}

function heading(name: string, duration: string): HTMLElement {
  const element = createElement("h3", "report-name");
  element.append(
    createElement("span", "report-class", name),
    createElement("span", "report-time", `after ${duration}`),
  );
  return element;
}

function message(text: string): HTMLElement {
  return createElement("p", "report-message", text);
}

/** The error's own fields, for programs. */
function fieldsOf(error: Error): HTMLElement {
  const list = createElement("dl", "report-fields");
  list.append(...field("instanceof", parentsOf(error)));
  for (const name of Object.getOwnPropertyNames(error)) {
    if (SHOWN_ELSEWHERE.has(name) || FROM_FIREFOX.has(name)) continue;
    const value: unknown = error[name as keyof Error];
    if (value !== undefined) list.append(...field(name, fieldText(value)));
  }
  return list;
}

function parentsOf(error: Error): string {
  const parents = error instanceof PluginError ? [PluginError.prototype.name] : [];
  return [...(error instanceof CodecError ? [] : parents), "Error"].join(", ");
}

function fieldText(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function field(name: string, text: string): HTMLElement[] {
  return [createElement("dt", "", name), createElement("dd", "", text)];
}

function block(name: string, text: string): HTMLElement[] {
  if (text.trim() === "") return [];
  return [
    createElement("p", "report-label", name),
    createElement("pre", "report-block", text.trimEnd()),
  ];
}

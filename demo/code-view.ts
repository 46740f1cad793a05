/** Shows source code in colour, and copies it. */

import { createElement, pageElement } from "./page-element.ts";

const COPIED_MS = 1600;

/** The kinds of tokens; the first match counts. */
const TOKEN =
  /(?<comment>\/\/.*|\/\*[^]*?\*\/)|(?<string>"[^"\n]*"|(?<=\()\/[^/*\n][^/\n]*\/\w*)|(?<attribute>#\[\w+\])|(?<keyword>\b(?:await|const|export|fn|from|function|import|interface|let|mut|new|pub|return|type|use|using)\b)|(?<number>\b\d[\d_.]*\b)|(?<type>\b(?:[A-Z]\w*|f64)\b)|(?<call>\b\w+(?=\())/g;

/** Shows code in an element, as text and spans of text. */
export function showCode(element: HTMLElement, code: string): void {
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const match of code.matchAll(TOKEN)) {
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
    parts.push(code.slice(end, match.index), createElement("span", `code-${kind}`, match[0]));
    end = match.index + match[0].length;
  }
  element.replaceChildren(...parts, code.slice(end));
}

/** Makes every button with `data-copies` copy the text of the element it names. */
export function wireCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copies]")) {
    const code = pageElement(button.dataset["copies"] ?? "", HTMLElement);
    const label = button.textContent;
    let timer = 0;
    button.addEventListener("click", async () => {
      button.textContent = (await copyText(code)) ? "Copied" : "Selected";
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        button.textContent = label;
      }, COPIED_MS);
    });
  }
}

/** If the clipboard is not available, selects the text instead. */
async function copyText(element: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    window.getSelection()?.selectAllChildren(element);
    return false;
  }
}

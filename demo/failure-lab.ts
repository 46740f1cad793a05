/** The part of the page where calls fail: makes them, shows the results, and loads closed plugins again. */

import { loadPlugin, type Plugin, t } from "cloche";
import { showCode } from "./code-view.ts";
import { durationText } from "./duration.ts";
import { reportOfError, reportOfValue } from "./error-report.ts";
import { type FailureCase, failureCases, hostFunctions } from "./failure-cases.ts";
import { isolation } from "./isolation.ts";
import { createElement, pageElement } from "./page-element.ts";
import { Terminal } from "./terminal.ts";

/** Resolves when the plugin is ready or could not be loaded. */
export async function startFailureLab(clockStepMs: number): Promise<void> {
  const lab = new FailureLab(clockStepMs);
  await lab.load();
}

class FailureLab {
  readonly #clockStepMs: number;
  readonly #cases: HTMLElement = pageElement("cases", HTMLElement);
  readonly #code: HTMLElement = pageElement("case-code", HTMLElement);
  readonly #report: HTMLElement = pageElement("report", HTMLElement);
  readonly #state: HTMLElement = pageElement("lab-state", HTMLElement);
  readonly #fate: HTMLElement = pageElement("fate-text", HTMLElement);
  readonly #terminal: Terminal = new Terminal(pageElement("lab-terminal", HTMLElement));
  /** The plugin in use; a closed one is replaced. */
  #plugin: Promise<Plugin> | undefined;
  #isBusy = false;

  constructor(clockStepMs: number) {
    this.#clockStepMs = clockStepMs;
    for (const failureCase of failureCases) this.#cases.append(this.#button(failureCase));
  }

  /** Loads a new plugin. An error is shown like any other failure. */
  async load(): Promise<void> {
    this.#setState("loading", "Loading");
    const startMs = performance.now();
    try {
      this.#plugin = this.#loadPlugin();
      const plugin = await this.#plugin;
      const loadTime = this.#durationSince(startMs);
      // A click may have come first; its result stays visible.
      if (this.#isBusy) return;
      this.#setState("ready", "Ready");
      this.#fate.textContent = `Loaded in ${loadTime}; it exports ${plugin.functions.length} functions.`;
    } catch (error) {
      this.#showLoadError(error, startMs);
    }
  }

  #loadPlugin(): Promise<Plugin> {
    return loadPlugin(new URL("plugins/everything.wasm", document.baseURI), {
      hostFunctions,
      isolation,
      stdout: (text) => this.#terminal.write("stdout", text),
      stderr: (text) => this.#terminal.write("stderr", text),
    });
  }

  #button(failureCase: FailureCase): HTMLElement {
    const button = createElement("button", "case");
    button.type = "button";
    button.append(
      createElement("span", "case-title", failureCase.title),
      createElement("span", "case-detail", failureCase.detail),
    );
    button.addEventListener("click", async () => {
      // A disabled button would lose the keyboard focus.
      if (this.#isBusy) return;
      this.#isBusy = true;
      for (const other of this.#cases.children) other.removeAttribute("aria-current");
      button.setAttribute("aria-current", "true");
      await this.#run(failureCase);
      this.#isBusy = false;
    });
    return button;
  }

  async #run(failureCase: FailureCase): Promise<void> {
    showCode(this.#code, failureCase.code);
    this.#setState("running", "Running");
    this.#fate.textContent = "";
    let startMs = performance.now();
    try {
      const plugin = await (this.#plugin ??= this.#loadPlugin());
      startMs = performance.now();
      await failureCase.run(plugin).then(
        (value) => this.#show(reportOfValue(value, this.#durationSince(startMs))),
        (error: unknown) => this.#show(reportOfError(error, this.#durationSince(startMs))),
      );
      await this.#showFate(plugin);
    } catch (error) {
      this.#showLoadError(error, startMs);
    }
  }

  /** Calls the plugin again to see whether it survived the call; if not, loads a new one. */
  async #showFate(plugin: Plugin): Promise<void> {
    const askedMs = performance.now();
    try {
      const count = await plugin.function("count", [], t.u32)();
      this.#setState("ready", "Alive");
      this.#fate.textContent = `The same instance answered ${this.#durationSince(askedMs)} later; its count() returned ${count}.`;
    } catch {
      this.#setState("failed", "Closed");
      const startMs = performance.now();
      this.#plugin = this.#loadPlugin();
      await this.#plugin;
      this.#fate.textContent = `This instance is closed. A new one was ready after ${this.#durationSince(startMs)}.`;
    }
  }

  #showLoadError(error: unknown, startMs: number): void {
    this.#plugin = undefined;
    this.#setState("failed", "Failed");
    this.#fate.textContent = "The plugin could not be loaded. The next call retries.";
    this.#show(reportOfError(error, this.#durationSince(startMs)));
  }

  #show(nodes: readonly Node[]): void {
    this.#report.replaceChildren(...nodes);
    this.#report.scrollTop = 0;
  }

  #setState(kind: string, text: string): void {
    this.#state.dataset["state"] = kind;
    this.#state.textContent = text;
  }

  #durationSince(startMs: number): string {
    return durationText(performance.now() - startMs, this.#clockStepMs);
  }
}

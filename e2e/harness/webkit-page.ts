/** Windows of WebKit that look to tests like the pages of Playwright, which has no WebKit of the system's. */

import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { parse, stringify } from "devalue";
import { build } from "esbuild";
import { WebDriverSession } from "./webdriver.ts";
import type { Evaluated } from "./webkit-evaluation.ts";

/** One session of the browser, whose commands take turns: they go to the window that was chosen last. */
export class WebKitBrowser {
  readonly #session: WebDriverSession;
  readonly #script: string;
  /** The window that the browser begins with, which lasts as long. */
  readonly #first: string;
  #current: string;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(session: WebDriverSession, script: string, first: string) {
    this.#session = session;
    this.#script = script;
    this.#first = first;
    this.#current = first;
  }

  /** Typed as what fixtures expect. Tests that use more of a browser are tagged `PLAYWRIGHT`. */
  static async launch(): Promise<Browser> {
    const [session, script] = await Promise.all([WebDriverSession.start(), evaluationScript()]);
    const first = await session.command<string>("GET", "/window");
    return new WebKitBrowser(session, script, first) as unknown as Browser;
  }

  /** Opens a window: a tab in the background would have slow timers. */
  async newPage(): Promise<Page> {
    const { handle } = await this.#inWindow<{ handle: string }>(
      this.#first,
      ...(["POST", "/window/new", { type: "window" }] as const),
    );
    const page = new WebKitPage(
      (method, path, body) => this.#inWindow(handle, method, path, body),
      this.#script,
    );
    return page as unknown as Page;
  }

  async close(): Promise<void> {
    await this.#session.end();
  }

  #inWindow<T>(handle: string, ...command: Parameters<WebDriverSession["command"]>): Promise<T> {
    const result = this.#turn.then(async () => {
      if (this.#current !== handle) await this.#session.command("POST", "/window", { handle });
      this.#current = handle;
      return this.#session.command<T>(...command);
    });
    this.#turn = result.catch(() => {});
    return result;
  }
}

class WebKitPage {
  readonly #command: WebDriverSession["command"];
  readonly #script: string;
  readonly #initialScripts: (() => Promise<unknown>)[] = [];
  #address = "";

  constructor(command: WebDriverSession["command"], script: string) {
    this.#command = command;
    this.#script = script;
  }

  async goto(address: string): Promise<void> {
    this.#address = address;
    await this.#command("POST", "/url", { url: address });
    await this.#command("POST", "/execute/sync", { script: this.#script, args: [] });
    for (const run of this.#initialScripts) await run();
  }

  reload(): Promise<void> {
    return this.goto(this.#address);
  }

  /** Runs it once the page's own scripts have run; WebDriver knows no earlier. */
  async addInitScript(code: (argument: unknown) => unknown, argument?: unknown): Promise<void> {
    this.#initialScripts.push(() => this.evaluate(code, argument));
  }

  async waitForFunction(code: () => unknown): Promise<void> {
    const wait = `async () => {
      while (!(${String(code)})()) await new Promise((resolve) => setTimeout(resolve, 5));
    }`;
    await this.#run(wait, undefined);
  }

  evaluate(code: (argument: unknown) => unknown, argument?: unknown): Promise<unknown> {
    return this.#run(String(code), argument);
  }

  /** Clicks by script: WebDriver takes an element for out of reach that is transparent or scrolled away. */
  async click(selector: string): Promise<void> {
    const code = "(selector) => document.querySelector(selector).click()";
    await this.#run(code, selector);
  }

  /** Types a text in the place of the one in a field. */
  async fill(selector: string, text: string): Promise<void> {
    const found = await this.#command<object>("POST", "/element", {
      ...{ using: "css selector", value: selector },
    });
    const field = `/element/${Object.values(found)[0]}`;
    await this.#command("POST", `${field}/clear`, {});
    await this.#command("POST", `${field}/value`, { text });
  }

  textContent(selector: string): Promise<unknown> {
    const code = "(selector) => document.querySelector(selector)?.textContent ?? null";
    return this.#run(code, selector);
  }

  async #run(code: string, argument: unknown): Promise<unknown> {
    const evaluated = await this.#command<Evaluated>("POST", "/execute/async", {
      script: "window.evaluateText(arguments[0], arguments[1]).then(arguments[2])",
      args: [code, stringify(argument)],
    });
    if ("error" in evaluated) throw new Error(evaluated.error);
    return parse(evaluated.value, { Error: (described: object) => ({ ...described }) });
  }

  async close(): Promise<void> {
    await this.#command("DELETE", "/window");
  }
}

/** Builds the part that runs on pages. */
async function evaluationScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "webkit-evaluation.ts")],
    ...{ bundle: true, format: "iife", minify: true, write: false },
  });
  return outputFiles[0]?.text ?? "";
}

/** The page that has the plugins of one test. */

import type { BrowserContext, JSHandle, Page } from "@playwright/test";
import type { ServedModule } from "./plugin-test-options.ts";
import { ORIGIN, ServedFiles } from "./served-files.ts";
import type { WireThrown } from "./wire/errors.ts";
import {
  BINDING,
  type News,
  type Outcome,
  type PageRequests,
  type Request,
  type TestRequests,
} from "./wire/messages.ts";
import { pack, unpack } from "./wire/packing.ts";

/** What the page has answered. */
interface Answer {
  readonly outcome: Outcome;
  readonly news: News;
}

/** The end of a plugin in the test. */
export interface TestEnd {
  /** Takes the news that came with a message. */
  hear(news: News): void;
  /** Does what the page asks. */
  readonly requests: TestRequests;
}

/** What `page.js` exports. */
interface PageScript {
  answer(text: string): Promise<string>;
}

export class PluginPage {
  readonly #context: BrowserContext;
  readonly #files: ServedFiles;
  readonly #ends: Map<number, TestEnd> = new Map();
  /** What functions of the test threw, by the numbers that the page knows it by. */
  readonly thrown: Map<number, unknown> = new Map();
  #opening: Promise<{ page: Page; script: JSHandle<PageScript> }> | undefined;

  constructor(context: BrowserContext, { isIsolated }: { readonly isIsolated: boolean }) {
    this.#context = context;
    this.#files = new ServedFiles(isIsolated);
  }

  /** The page, which is opened when it is first needed. */
  async page(): Promise<Page> {
    return (await this.#open()).page;
  }

  /** @returns The number of a plugin, and where it is loaded from. */
  add(module: ServedModule, end: TestEnd): { readonly plugin: number; readonly url: string } {
    const plugin = this.#ends.size;
    this.#ends.set(plugin, end);
    return { plugin, url: this.#files.add(module) };
  }

  /**
   * Asks the page for something for one plugin.
   *
   * @param text What {@link packRequest} made.
   */
  async ask(plugin: number, text: string): Promise<Outcome> {
    const { script } = await this.#open();
    const reply = await script.evaluate((script, text) => script.answer(text), text);
    const { outcome, news } = unpack(reply) as Answer;
    this.#ends.get(plugin)?.hear(news);
    return outcome;
  }

  async close(): Promise<void> {
    if (this.#opening === undefined) return;
    const { page } = await this.#opening;
    await page.close();
  }

  #open(): Promise<{ page: Page; script: JSHandle<PageScript> }> {
    this.#opening ??= this.#load();
    return this.#opening;
  }

  async #load(): Promise<{ page: Page; script: JSHandle<PageScript> }> {
    const page = await this.#context.newPage();
    await this.#files.serveTo(page);
    await page.exposeBinding(BINDING, (_source, text: string) => this.#answer(text));
    await page.goto(`${ORIGIN}/`);
    const script = await page.evaluateHandle<PageScript, string>(
      (address) => import(address),
      `${ORIGIN}/page.js`,
    );
    return { page, script };
  }

  /** Answers a request of the page. */
  async #answer(text: string): Promise<string> {
    const { plugin, method, args, news } = unpack(text) as Request<TestRequests> & {
      readonly news: News;
    };
    const end = this.#ends.get(plugin);
    end?.hear(news);
    try {
      const request = end?.requests[method] as (...args: readonly unknown[]) => unknown;
      return pack({ value: await request(...args) }, "result");
    } catch (error) {
      return pack({ thrown: this.#keep(error) }, "error");
    }
  }

  #keep(error: unknown): WireThrown {
    const id = this.thrown.size;
    this.thrown.set(id, error);
    return { kind: "of-test", id };
  }
}

/** @throws {TypeError} for an argument that cannot be passed to the page. */
export function packRequest<Method extends keyof PageRequests>(
  plugin: number,
  method: Method,
  args: Parameters<PageRequests[Method]>,
  place: string,
): string {
  return pack({ plugin, method, args }, place);
}

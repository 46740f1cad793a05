/** The harness pages that the tests of one file share: opening one takes longer than most tests. */

import type { Browser, Page } from "@playwright/test";
import type { Isolation } from "cloche";
import { openHarness, setIsolation } from "./open-harness.ts";

/** How long a page may take to tidy up before it is given up. */
const TIDY_MS = 5000;

/**
 * Keeps one page an address, until a test of another file asks for one.
 *
 * A failed test ends Playwright's worker process, and its pages with it, so no test inherits them.
 */
export class SharedPages {
  readonly #browser: Browser;
  readonly #isolation: Isolation;
  readonly #pages = new Map<string, Page>();
  #file = "";

  constructor(browser: Browser, isolation: Isolation) {
    this.#browser = browser;
    this.#isolation = isolation;
  }

  /** The page at an address, for the tests of a file. */
  async at(address: string, file: string): Promise<Page> {
    if (file !== this.#file) await this.close();
    this.#file = file;
    const open = this.#pages.get(address);
    if (open !== undefined) return open;
    // With a context of its own, and so with storage of its own.
    const page = await this.#browser.newPage();
    this.#pages.set(address, page);
    await setIsolation(page, this.#isolation);
    await openHarness(page, address);
    return page;
  }

  /** Stops what a test left running, and closes the pages where that fails. */
  async tidy(): Promise<void> {
    for (const [address, page] of this.#pages) {
      if (await isTidied(page)) continue;
      this.#pages.delete(address);
      await page.close();
    }
  }

  async close(): Promise<void> {
    for (const page of this.#pages.values()) await page.close();
    this.#pages.clear();
  }
}

async function isTidied(page: Page): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const givenUp = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, TIDY_MS, false);
  });
  const tidied = page.evaluate(() => window.tidyUp()).catch(() => false);
  const isTidy = await Promise.race([tidied, givenUp]);
  clearTimeout(timer);
  return isTidy;
}

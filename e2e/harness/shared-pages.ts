/** The harness pages that the tests of one file share: opening one takes longer than most tests. */

import type { Browser, Page } from "@playwright/test";
import type { Isolation } from "cloche";
import { openHarness, setIsolation } from "./open-harness.ts";

/** How long a page may take to tidy up before it is given up. */
const TIDY_MS = 5000;

/** A tab, and the test file that its page was opened for. */
interface Tab {
  readonly page: Page;
  file: string;
  /** Whether it has had floods: Chromium's garbage collector then stops it for 40 ms at a time. */
  isWorn: boolean;
}

/**
 * Keeps one page an address for the tests of a file. The next file's tests get a fresh page in the same
 * tab: a tab of its own takes most of the time of opening one.
 *
 * A failed test ends Playwright's worker process, and its pages with it, so no test inherits them.
 */
export class SharedPages {
  readonly #browser: Browser;
  readonly #isolation: Isolation;
  readonly #tabs = new Map<string, Tab>();

  constructor(browser: Browser, isolation: Isolation) {
    this.#browser = browser;
    this.#isolation = isolation;
  }

  /** The page at an address, for the tests of a file. */
  async at(address: string, file: string): Promise<Page> {
    const old = this.#tabs.get(address);
    if (old?.file === file) return old.page;
    if (old?.isWorn) await old.page.close();
    const page = old === undefined || old.isWorn ? await this.#newTab() : old.page;
    this.#tabs.set(address, { page, file, isWorn: false });
    await openHarness(page, address);
    return page;
  }

  /** Stops what a test left running, and closes the tabs where that fails. */
  async tidy(wasFlood: boolean): Promise<void> {
    for (const [address, tab] of this.#tabs) {
      tab.isWorn ||= wasFlood;
      if (await isTidied(tab.page)) continue;
      this.#tabs.delete(address);
      await tab.page.close();
    }
  }

  async close(): Promise<void> {
    for (const { page } of this.#tabs.values()) await page.close();
    this.#tabs.clear();
  }

  async #newTab(): Promise<Page> {
    // With a context of its own, and so with storage of its own.
    const page = await this.#browser.newPage();
    await setIsolation(page, this.#isolation);
    return page;
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

/** Opens a page in a browser, and finds out there what it allows plugins. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Diagnosis } from "cloche";
import type { Browser, BrowserType, LaunchOptions } from "playwright-core";
import { EXIT_CODES, Failure, messageOf } from "../failure.ts";
import { placesOf } from "../toolchains/programs.ts";

/** Packages that have Playwright's library in them. */
const PACKAGES = ["playwright-core", "playwright", "@playwright/test"];

/** Browsers that Playwright has installed, and those of the system that it can drive. */
const PLAYWRIGHTS = ["chromium", "firefox", "webkit"] as const;
const CHANNELS = ["chrome", "msedge"];

/** What distributions call their Chromium. */
const PROGRAMS = ["chromium", "chromium-browser"];

type Playwright = Readonly<Record<(typeof PLAYWRIGHTS)[number], BrowserType>>;

/** What to examine. */
export interface PageRequest {
  readonly address: string;
  /** A name of a browser, or the path of a Chromium. Default: the first that is installed. */
  readonly browser: string | undefined;
  /** The option `worker`, as an address. */
  readonly worker: string | undefined;
}

/** What was found on a page. */
export interface PageDiagnosis {
  /** The browser, and the address that the page has at last. */
  readonly where: string;
  readonly diagnosis: Diagnosis;
}

/** @throws {Failure} when there is no browser, or the page cannot be opened */
export async function diagnosePage({
  address,
  browser: name,
  worker,
}: PageRequest): Promise<PageDiagnosis> {
  const browser = await launch(loadPlaywright(), name);
  try {
    const page = await browser.newPage();
    await page.goto(address).catch((error: unknown) => {
      throw new Failure(`Cannot open "${address}": ${firstLine(error)}`, undefined, error);
    });
    const script = readFileSync(new URL("page-doctor.js", import.meta.url), "utf8");
    const options = JSON.stringify(worker === undefined ? {} : { worker });
    // A debugger's script: the page's policy does not forbid it, and applies to what it does.
    const text = `(() => { ${script}\nreturn pageDoctor.doctor(${options}); })()`;
    const diagnosis = await page.evaluate<Diagnosis>(text);
    const where = `${browser.browserType().name()} ${browser.version()}, ${page.url()}`;
    return { where, diagnosis };
  } finally {
    await browser.close();
  }
}

/** Playwright of the project, or what is installed beside this program. */
function loadPlaywright(): Playwright {
  for (const from of [join(process.cwd(), "package.json"), import.meta.url]) {
    const require = createRequire(from);
    for (const name of PACKAGES) {
      try {
        return require(name) as Playwright;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
      }
    }
  }
  throw new Failure(
    "Playwright is not installed (npm install --save-dev playwright-core); or call doctor() on the page",
    EXIT_CODES.missing,
  );
}

/** Starts a browser by its name or path, or the first that is installed. */
async function launch(playwright: Playwright, name: string | undefined): Promise<Browser> {
  const known = ["chromium", ...CHANNELS, ...PROGRAMS.flatMap((each) => placesOf(each)), "firefox"];
  const reasons: string[] = [];
  for (const each of name === undefined ? known : [name]) {
    try {
      return await launchNamed(playwright, each);
    } catch (error) {
      reasons.push(`${each}: ${firstLine(error)}`);
    }
  }
  throw new Failure(
    `Cannot start a browser (npx playwright-core install chromium, or --browser <path>)\n${reasons.join("\n")}`,
    EXIT_CODES.missing,
  );
}

function launchNamed(playwright: Playwright, name: string): Promise<Browser> {
  const own = PLAYWRIGHTS.find((each) => each === name);
  if (own !== undefined) return playwright[own].launch();
  const options: LaunchOptions = CHANNELS.includes(name)
    ? { channel: name }
    : { executablePath: name };
  return playwright.chromium.launch(options);
}

/** Playwright's messages have frames and hints on many lines. */
function firstLine(error: unknown): string {
  return messageOf(error).split("\n")[0] ?? "";
}

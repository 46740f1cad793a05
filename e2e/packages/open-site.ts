/** Opens built sites on origins that exist in the browser only. */

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { ROOT } from "../examples/examples.ts";

export const APP = "https://app.test/";
export const CDN = "https://cdn.test/";

/** Serves folders on an origin, the first that has a file, with these headers. */
export async function serveSite(
  page: Page,
  origin: string,
  folders: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  await page.route(`${origin}**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const paths = [...folders, join(ROOT, "public")].map((folder) =>
      join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname),
    );
    const path = paths.find((each) => existsSync(each) && statSync(each).isFile());
    if (path === undefined) await route.fulfill({ status: 404 });
    else await route.fulfill({ path, headers });
  });
}

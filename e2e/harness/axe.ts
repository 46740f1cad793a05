/** What axe finds on pages. */

import type { Page } from "@playwright/test";
import axe from "axe-core";

/**
 * What axe finds on the page, or on a part of it, as lines to read. The page gets axe once, which takes longer
 * than to look at a small page.
 */
export async function findingsOfAxe(
  page: Page,
  part = "html",
  options: axe.RunOptions = {},
): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(
    async ([part, options]) => {
      const { run } = (globalThis as unknown as { axe: typeof axe }).axe;
      const { violations } = await run(part, { ...options, resultTypes: ["violations"] });
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ html }) => `${id}: ${help}: ${html}`),
      );
    },
    [part, options] as const,
  );
}

/** The rules that look at colours. All others find the same whatever the colours are. */
const COLOR_RULES = {
  runOnly: { type: "rule" as const, values: ["color-contrast", "link-in-text-block"] },
};

/**
 * What axe finds in light and in dark colours.
 *
 * @param isShown Waits for a page whose script changes the colours.
 */
export async function findingsOfAxeInBoth(
  page: Page,
  part = "html",
  isShown: (colorScheme: "light" | "dark") => Promise<void> = async () => {},
): Promise<string[]> {
  const findings: string[] = [];
  for (const [colorScheme, options] of [
    ["light", {}],
    ["dark", COLOR_RULES],
  ] as const) {
    // Without transitions, which axe would see halfway between two colours.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await isShown(colorScheme);
    const found = await findingsOfAxe(page, part, options);
    findings.push(...found.map((finding) => `${colorScheme}: ${finding}`));
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return findings;
}

/** Where `playwright.config.ts` serves what is tested. `CLOCHE_PORT` moves all of them, for a second run beside one. */

const FIRST_PORT = Number(process.env["CLOCHE_PORT"] ?? 4173);

/** The built demo. */
export const DEMO_PORT: number = FIRST_PORT;
/** The harness, with the headers that isolate a page. */
export const ISOLATED_PORT: number = FIRST_PORT + 1;
/** The harness, without. */
export const PLAIN_PORT: number = FIRST_PORT + 2;

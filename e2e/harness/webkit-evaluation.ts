/** Runs tests' functions on a page of WebKit, in whose WebDriver only JSON travels: see `webkit-page.ts`. */

import { parse, stringify } from "devalue";

/** What came of a function, as text of `devalue`. */
export type Evaluated = { readonly value: string } | { readonly error: string };

async function evaluateText(code: string, argument: string): Promise<Evaluated> {
  try {
    // oxlint-disable-next-line no-eval -- as Playwright does with a test's function
    const run = (0, eval)(`(${code})`) as (argument: unknown) => unknown;
    return { value: stringify(await run(parse(argument)), { Error: describeError }) };
  } catch (error) {
    // A stack of this engine does not say what happened.
    return { error: error instanceof Error ? `${error}\n${error.stack}` : String(error) };
  }
}

/** An error becomes its name and message; it is undefined for all else. */
function describeError(value: unknown): unknown {
  return value instanceof Error ? { name: value.name, message: value.message } : undefined;
}

declare global {
  interface Window {
    evaluateText: typeof evaluateText;
  }
}

Object.assign(window, { evaluateText });

/**
 * The hostile corpus: attacks by guests, by workers, and by a page's own code at the worst moment.
 *
 * Each case is an attack with the result or error that it must end in. Each test asserts that the attacks of
 * its cases end that way and in time, that the page kept responding, that plugins work afterwards, and
 * that nothing is left behind.
 *
 * An attack of many rounds runs them one after the other: two busy workers at a time would leave the
 * page no core on a machine with two.
 */

import type { Page } from "@playwright/test";
import { expect, test } from "../harness/test.ts";

export { test } from "../harness/test.ts";

import type { Attack, End, Failure, Outcome } from "./arena.ts";

export type { End } from "./arena.ts";

/**
 * The longest gap of the page, and the most that an end may be late. The aim is 50 ms, which the bench
 * measures (`npm run bench -- --only output`); a slow machine with two cores needs some 200 for a flood.
 */
const MAX_HELD_UP_MS = 250;

/** A busy machine holds a page up now and then, an attack each time: so often it may be tried until it does not. */
const TRIES = 3;

/** The default deadline of an attack. */
const DEADLINE_MS = 5000;

/** Error messages stay readable, whatever names and texts the guest puts into them. */
const MAX_MESSAGE_CHARACTERS = 10_000;

export interface HostileCase<Given> {
  /** The attack's second argument: plain data. */
  readonly given: Given;
  readonly attack: Attack<Given>;
  /** The result or error that the attack must end in. */
  readonly end: End;
  /** The deadline in milliseconds. Default: 5 s. The attack itself may set shorter ones with `within`. */
  readonly deadlineMs?: number;
}

export interface HostileCases<Given> extends Pick<HostileCase<Given>, "attack" | "deadlineMs"> {
  /** Each with what sets it apart. */
  readonly cases: readonly (readonly [what: string, given: Given, end: End])[];
}

/** The body of a case's test. */
type TestBody = (fixtures: { harness: Page }) => Promise<void>;

/** Returns the body of a case's test. */
export function hostile<Given>({ given, end, ...rest }: HostileCase<Given>): TestBody {
  return hostileEach({ cases: [["the attack", given, end]], ...rest });
}

/**
 * Returns the body of the test of many cases with the same attack. They run one after the other on the
 * page, and what they leave behind is looked for once, after the last.
 */
export function hostileEach<Given>(hostileCases: HostileCases<Given>): TestBody {
  const { cases, deadlineMs = DEADLINE_MS } = hostileCases;
  const expected = Object.fromEntries(cases.map(([what, , end]) => [what, end]));
  return async ({ harness }) => {
    test.setTimeout(TRIES * deadlineMs + DEADLINE_MS + 20_000);
    for (let tries = 1; ; tries++) {
      const outcome = await run(harness, hostileCases);
      const ends = cases.map(([what], index) => [what, outcome.ends[index]] as const);
      expect(Object.fromEntries(ends)).toEqual(expected);
      expect(outcome.wrong).toEqual([]);
      for (const end of outcome.ends) {
        if ("error" in end) expect(end.error.message.length).toBeLessThan(MAX_MESSAGE_CHARACTERS);
      }
      if (tries < TRIES && Math.max(outcome.longestGapMs, outcome.lateMs) > MAX_HELD_UP_MS)
        continue;
      expect(outcome.longestGapMs, "the page's longest gap").toBeLessThanOrEqual(MAX_HELD_UP_MS);
      expect(outcome.lateMs, "how late the end was").toBeLessThanOrEqual(MAX_HELD_UP_MS);
      return;
    }
  };
}

async function run<Given>(page: Page, hostileCases: HostileCases<Given>): Promise<Outcome> {
  const { attack, cases, deadlineMs = DEADLINE_MS } = hostileCases;
  // Like page.evaluate, but the function is called by the page's own code, which watches it.
  return page.evaluate(
    ([text, givens, deadlineMs]) => {
      // oxlint-disable-next-line no-eval -- as Playwright does with a test's function
      const attack = (0, eval)(`(${text})`) as Attack<unknown>;
      return window.withstand(attack, givens, deadlineMs);
    },
    [String(attack), cases.map(([, given]) => given), deadlineMs] as const,
  );
}

/** The attack ends with a value. */
export function survives(value: unknown): End {
  return { value };
}

/** The attack ends with an error of this class, message, fields and cause. */
export function fails(...expected: Parameters<typeof failure>): End {
  return { error: failure(...expected) };
}

/** The same error, for an attack that returns errors as values. */
export function failure(
  name: string,
  message: RegExp | string,
  rest: { readonly fields?: Failure["fields"]; readonly cause?: string } = {},
): Failure {
  const { fields, ...others } = rest;
  return expect.objectContaining({
    name,
    message: typeof message === "string" ? message : expect.stringMatching(message),
    ...(fields !== undefined && { fields: expect.objectContaining(fields) }),
    ...others,
  }) as Failure;
}

/**
 * The hostile corpus: attacks by guests, by workers, and by a page's own code at the worst moment.
 *
 * Each case is an attack with the result or error that it must end in. Each test asserts that the
 * attack ends that way and in time, that the page kept responding, that plugins work afterwards, and
 * that nothing is left behind.
 *
 * An attack of many rounds runs them one after the other: two busy workers at a time would leave the
 * page no core on a machine with two.
 */

import type { Page } from "@playwright/test";
import { expect, test } from "../harness/test.ts";

export { test } from "../harness/test.ts";

import type { Attack, Failure, Outcome } from "./arena.ts";

/**
 * The longest gap of the page, and the most that an end may be late. The aim is 50 ms, which the bench
 * measures (`npm run bench -- --only output`); a slow machine with two cores needs some 200 for a flood.
 */
const MAX_HELD_UP_MS = 250;

/** The default deadline of an attack. */
const DEADLINE_MS = 5000;

/** Error messages stay readable, whatever names and texts the guest puts into them. */
const MAX_MESSAGE_CHARACTERS = 10_000;

export interface HostileCase<Given> {
  /** The attack's second argument: plain data. */
  readonly given: Given;
  readonly attack: Attack<Given>;
  readonly end: End;
  /** The deadline in milliseconds. Default: 5 s. The attack itself may set shorter ones with `within`. */
  readonly deadlineMs?: number;
}

/** The result or error that an attack must end in. */
export type End = Outcome["end"];

/** Returns the body of a case's test. */
export function hostile<Given>(
  hostileCase: HostileCase<Given>,
): (fixtures: { harness: Page }) => Promise<void> {
  return async ({ harness }) => {
    const { deadlineMs = DEADLINE_MS } = hostileCase;
    test.setTimeout(deadlineMs + DEADLINE_MS + 20_000);
    const outcome = await run(harness, hostileCase);
    expect(outcome.end).toEqual(hostileCase.end);
    expect(outcome.wrong).toEqual([]);
    expect(outcome.longestGapMs, "the page's longest gap").toBeLessThanOrEqual(MAX_HELD_UP_MS);
    expect(outcome.lateMs, "how late the end was").toBeLessThanOrEqual(MAX_HELD_UP_MS);
    if ("error" in outcome.end) {
      expect(outcome.end.error.message.length).toBeLessThan(MAX_MESSAGE_CHARACTERS);
    }
  };
}

async function run<Given>(page: Page, hostileCase: HostileCase<Given>): Promise<Outcome> {
  const { given, deadlineMs = DEADLINE_MS } = hostileCase;
  // Like page.evaluate, but the function is called by the page's own code, which watches it.
  return page.evaluate(
    ([text, given, deadlineMs]) => {
      // oxlint-disable-next-line no-eval -- as Playwright does with a test's function
      const attack = (0, eval)(`(${text})`) as Attack<unknown>;
      return window.withstand(attack, given, deadlineMs);
    },
    [String(hostileCase.attack), given, deadlineMs] as const,
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

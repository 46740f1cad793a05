/**
 * The hostile corpus: what a guest, or a page's own code at the worst moment, can do to the library.
 *
 * Every case is an attack with the end that it must come to, and of every case is asserted that the
 * end is the typed one and comes in time, that the page went on meanwhile, that plugins work after
 * it, and that nothing is left of it.
 *
 * An attack of many rounds makes them one after the other: two busy workers at a time would leave the
 * page of a machine with two cores none to itself.
 */

import type { Page } from "@playwright/test";
import { ALONE, expect, test } from "../harness/test.ts";

export { test } from "../harness/test.ts";

import type { Attack, Failure, Outcome } from "./arena.ts";

/** The longest gap of the page, and the most that an end may be late, in a test that runs alone. */
const MAX_MS = 50;

/** The same beside another test, when the page has to share the machine's cores with it. */
const MAX_SHARED_MS = 250;

/** When an attack must be over, unless it says otherwise. */
const DEADLINE_MS = 5000;

/** No error tells more than a person reads, whatever names and texts the guest has put into it. */
const MAX_MESSAGE_CHARACTERS = 10_000;

export interface HostileCase<Given> {
  /** What the attack gets, besides the arena: plain data. */
  readonly given: Given;
  readonly attack: Attack<Given>;
  readonly end: End;
  /** When it must be over, in milliseconds. 5 s unless given; what has a time of its own says so by `within`. */
  readonly deadlineMs?: number;
}

/** The end that an attack must come to. */
export type End = Outcome["end"];

/** The body of a case's test. */
export function hostile<Given>(
  hostileCase: HostileCase<Given>,
): (fixtures: { harness: Page }) => Promise<void> {
  return async ({ harness }) => {
    const { deadlineMs = DEADLINE_MS } = hostileCase;
    test.setTimeout(deadlineMs + DEADLINE_MS + 20_000);
    const outcome = await run(harness, hostileCase);
    const maxMs = test.info().tags.includes(ALONE.tag) ? MAX_MS : MAX_SHARED_MS;
    expect(outcome.end).toEqual(hostileCase.end);
    expect(outcome.wrong).toEqual([]);
    expect(outcome.longestGapMs, "the page's longest gap").toBeLessThanOrEqual(maxMs);
    expect(outcome.lateMs, "how late the end was").toBeLessThanOrEqual(maxMs);
    if ("error" in outcome.end) {
      expect(outcome.end.error.message.length).toBeLessThan(MAX_MESSAGE_CHARACTERS);
    }
  };
}

async function run<Given>(page: Page, hostileCase: HostileCase<Given>): Promise<Outcome> {
  const { given, deadlineMs = DEADLINE_MS } = hostileCase;
  // Like page.evaluate, but the function is called by the page's own code, which watches it.
  const attack = await page.evaluateHandle<Attack<Given>>(`(${hostileCase.attack.toString()})`);
  return page.evaluate(
    ([attack, given, deadlineMs]) => window.withstand(attack as Attack<unknown>, given, deadlineMs),
    [attack, given, deadlineMs] as const,
  );
}

/** The attack is withstood: it comes to a value, and to no error. */
export function survives(value: unknown): End {
  return { value };
}

/** The attack ends with an error of this class, with this message, these fields and this cause. */
export function fails(...expected: Parameters<typeof failure>): End {
  return { error: failure(...expected) };
}

/** The same, where the attack itself hands errors over. */
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

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

import { availableParallelism, loadavg } from "node:os";
import { test as base, type Page } from "@playwright/test";
import { expect, ISOLATED, openHarness } from "../harness/test.ts";
import type { Attack, Failure, Outcome } from "./arena.ts";

/** The longest that the page may stand still, and that an end may be late, on a machine that is free. */
const MAX_MS = 50;

/** When an attack must be over, unless it says otherwise. */
const DEADLINE_MS = 5000;

/** What a machine that is busy with something else has made slow is tried again. */
const TRIES = 3;

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

/**
 * One page for all cases of a file: opening one takes longer than most attacks. Not for more: when a
 * page has had floods, Chromium's collector of garbage stops it for 40 ms of work at a time.
 */
export const test = base.extend<{ arena: Page }, { arenaOf: (file: string) => Promise<Page> }>({
  arenaOf: [
    async ({ browser }, use) => {
      let page: Page | undefined;
      let fileOfPage = "";
      await use(async (file) => {
        if (page === undefined || fileOfPage !== file) {
          await page?.close();
          page = await browser.newPage();
          fileOfPage = file;
          await openHarness(page, ISOLATED);
        }
        return page;
      });
      await page?.close();
    },
    { scope: "worker" },
  ],
  arena: async ({ arenaOf }, use, { file }) => use(await arenaOf(file)),
});

/** The body of a case's test. */
export function hostile<Given>(
  hostileCase: HostileCase<Given>,
): (fixtures: { arena: Page }) => Promise<void> {
  return async ({ arena }) => {
    const { deadlineMs = DEADLINE_MS } = hostileCase;
    test.setTimeout(TRIES * (deadlineMs + DEADLINE_MS) + 10_000);
    const outcome = await tryOut(arena, hostileCase);
    expect(outcome.end).toEqual(hostileCase.end);
    expect(outcome.wrong).toEqual([]);
    expect(outcome.longestGapMs, "the page's longest gap").toBeLessThanOrEqual(mostMs());
    expect(outcome.lateMs, "how late the end was").toBeLessThanOrEqual(mostMs());
    if ("error" in outcome.end) {
      expect(outcome.end.error.message.length).toBeLessThan(MAX_MESSAGE_CHARACTERS);
    }
  };
}

async function tryOut<Given>(arena: Page, hostileCase: HostileCase<Given>): Promise<Outcome> {
  const { given, deadlineMs = DEADLINE_MS } = hostileCase;
  // As evaluate does it, but the function is called there, by what watches it.
  const attack = await arena.evaluateHandle<Attack<Given>>(`(${hostileCase.attack.toString()})`);
  for (let left = TRIES - 1; ; left--) {
    const outcome = await arena.evaluate(
      ([attack, given, deadlineMs]) =>
        window.withstand(attack as Attack<unknown>, given, deadlineMs),
      [attack, given, deadlineMs] as const,
    );
    const isSlow = Math.max(outcome.longestGapMs, outcome.lateMs) > mostMs();
    if (!isSlow || left === 0) return outcome;
  }
}

/** What {@link MAX_MS} of work take here, where each core is shared by so many that want it. */
function mostMs(): number {
  const [wanting = 0] = loadavg();
  return MAX_MS * Math.max(1, wanting / availableParallelism());
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

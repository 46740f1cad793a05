/** The way from the page to the test. */

import { ThrownInTest } from "../wire/errors.ts";
import { BINDING, type News, type Outcome, type TestRequests } from "../wire/messages.ts";
import { pack, unpack } from "../wire/packing.ts";

/** Playwright's function for it, which every page has that belongs to a test. */
type Binding = (text: string) => Promise<string>;

/** Asks the test for something for one plugin. @throws {ThrownInTest} what the test threw */
export async function askTest<Method extends keyof TestRequests>(
  plugin: number,
  news: News,
  method: Method,
  ...args: Parameters<TestRequests[Method]>
): Promise<unknown> {
  const binding = Reflect.get(globalThis, BINDING) as Binding;
  const text = await binding(pack({ plugin, method, args, news }, `request "${method}"`));
  const outcome = unpack(text) as Outcome;
  if ("value" in outcome) return outcome.value;
  const { thrown } = outcome;
  throw thrown.kind === "of-test"
    ? new ThrownInTest(thrown.id, "a function of the test has thrown")
    : new Error(`Request "${method}" failed in the test`);
}

import { expect, test } from "./harness/test.ts";

/** Chosen once, so that a failure comes again. */
const SEED = 9;

const VALUES_OF_EACH = 5;

test("every function and option ends with a result or a typed error, whatever it is given", async ({
  harness,
}) => {
  test.setTimeout(120_000);
  const wrong = await harness.evaluate(([seed, count]) => window.tryOddCalls(seed, count), [
    SEED,
    VALUES_OF_EACH,
  ] as const);
  expect(wrong).toEqual([]);
});

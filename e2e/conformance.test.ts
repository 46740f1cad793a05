import { expect, test } from "./harness/test.ts";

/** The guests, with the types that their languages lack. */
const GUESTS = {
  rust: [],
  c: [],
  assemblyscript: [],
  javascript: [],
} as const;

for (const [language, lacking] of Object.entries(GUESTS)) {
  test(`the conformance guest in ${language} does what the others do`, async ({ harness }) => {
    const address = `/plugins/fixtures/conformance-${language}.wasm`;
    const findings = await harness.evaluate((url) => window.checkConformance(url), address);
    expect(findings).toEqual({ differences: [], lacking });
  });
}

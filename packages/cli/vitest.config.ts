import { defineConfig } from "vitest/config";

/** Tests that run the built program, also in `examples`. They need `npm run build`, so they are not among the unit tests. */
export default defineConfig({
  test: {
    include: ["packages/cli/test/*.test.ts"],
    // Each test starts several processes, and e2e may run beside it: a bound for what hangs.
    testTimeout: 120_000,
  },
});

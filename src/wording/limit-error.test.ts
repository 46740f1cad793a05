import { expect, test } from "vitest";
import { PluginLimitError } from "../errors.ts";
import { type LimitExcess, limitError } from "./limit-error.ts";

const MIB = 2 ** 20;

test.each<[LimitExcess, string]>([
  [
    { limit: "moduleBytes", value: 140 * MIB, allowed: 128 * MIB },
    'Module of plugin "p" is 140 MB, limit 128 MB (limits.moduleBytes)',
  ],
  [
    { limit: "moduleBytes", value: 140 * MIB, allowed: 128 * MIB, detail: "with checks" },
    'Module of plugin "p" is 140 MB with checks, limit 128 MB (limits.moduleBytes)',
  ],
  [
    { limit: "functions", value: 1001, allowed: 1000 },
    'Module of plugin "p" has 1,001 functions, limit 1,000 (limits.functions)',
  ],
  [
    { limit: "messageBytes", value: MIB + 1, allowed: MIB },
    'Message of plugin "p" is 1,048,577 bytes, limit 1,048,576 bytes (limits.messageBytes)',
  ],
  [
    { limit: "fuel", value: 12, allowed: 10, subject: 'Call "a" of plugin' },
    'Call "a" of plugin "p" used 12 units of fuel, limit 10 (limits.fuel)',
  ],
  [
    { limit: "fetchMs", value: 120_000, allowed: 120_000 },
    'Module of plugin "p" did not arrive within 120 s (limits.fetchMs)',
  ],
  [
    { limit: "loadMs", value: 50, allowed: 50, detail: "its worker has not answered" },
    'Plugin "p" did not start within 50 ms: its worker has not answered (limits.loadMs)',
  ],
])("says what is too much and where to allow it: %o", (excess, message) => {
  const { limit, value, allowed } = excess;
  const error = limitError("p", excess);
  expect(error).toBeInstanceOf(PluginLimitError);
  expect(error.message).toBe(message);
  expect(error).toMatchObject({ pluginName: "p", limit, value, allowed });
  expect(error.exceeded).toEqual([{ limit, value, allowed }]);
});

test("names all limits that are exceeded; the first is the error's own", () => {
  const error = limitError(
    "pandoc",
    { limit: "declarationBytes", value: 2_726_298, allowed: MIB },
    { limit: "functions", value: 620_000, allowed: 262_144 },
    { limit: "tableElements", value: 707_000, allowed: 262_144 },
  );
  expect(error.message).toBe(
    'Module of plugin "pandoc" exceeds 3 limits: ' +
      "2.6 MB of declarations, limit 1 MB (limits.declarationBytes); " +
      "620,000 functions, limit 262,144 (limits.functions); " +
      "707,000 table elements, limit 262,144 (limits.tableElements)",
  );
  expect(error).toMatchObject({ limit: "declarationBytes", value: 2_726_298, allowed: MIB });
  expect(error.exceeded.map(({ limit }) => limit)).toEqual([
    ...["declarationBytes", "functions", "tableElements"],
  ]);
});

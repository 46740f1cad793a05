import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readModuleLayout } from "../abi/module-layout.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { CodeTrace } from "./code-trace.ts";
import type { Interruption } from "./form.ts";
import { checkPieces } from "./pieces.test-kit.ts";
import { rewriteModule } from "./rewrite-module.ts";

const FORMS: readonly Interruption[] = ["epoch", "fuel", "terminate"];

function rewrite(bytes: Uint8Array, interruption: Interruption, isTraced: boolean) {
  return rewriteModule(bytes, readModuleLayout(bytes), {
    ...{ pluginName: "test", limits: DEFAULT_LIMITS },
    ...{ interruption, flagAddress: 64, isTraced },
  });
}

/** What is rewritten in parts, has operations that are replaced, and functions that keep fuel in a local. */
const REAL = readFileSync(new URL("../../public/plugins/fixtures/documents.wasm", import.meta.url));

test.each(FORMS)("tells where each piece of the code is, rewritten with %j", (interruption) => {
  const traced = rewrite(REAL, interruption, true);
  checkPieces(REAL, traced);
  expect(traced.pieces?.length).toBeGreaterThan(500);
  const code = readModuleLayout(REAL).sections.find(({ id }) => id === 10);
  expect(traced.pieces?.at(-1)).toBe(code?.end);
  const plain = rewrite(REAL, interruption, false);
  expect(plain.pieces).toBeUndefined();
  expect(plain.bytes.length).toBe(traced.bytes.length);
  expect(plain.bytes.every((byte, index) => byte === traced.bytes[index])).toBe(true);
});

test("keeps 4,194,304 pieces, and none of more", () => {
  const trace = new CodeTrace();
  for (let count = 0; count < 4_194_304; count += 1) trace.copied(count, count);
  trace.placed(1);
  const pieces = trace.finish(1);
  expect(pieces?.length).toBe(8_388_608);
  expect([...(pieces?.slice(-2) ?? [])]).toEqual([4_194_305, 4_194_303]);
  trace.copied(0, 0);
  expect(trace.finish(0)).toBeUndefined();
});

import { expect, test } from "vitest";
import { PLUGIN_EXPORTS, wat } from "../abi/wat.test-kit.ts";
import { decodeBase64 } from "../rewrite/base64.ts";
import { createClocheEngine } from "./cloche-engine.ts";
import { LEAST_MODULE, rehearse } from "./rehearsal.ts";

test("the guest of a rehearsal is the module that its text says", () => {
  expect(decodeBase64(LEAST_MODULE)).toEqual(wat(`(module ${PLUGIN_EXPORTS})`));
});

test("a rehearsal comes to its end, and posts nothing", async () => {
  const posted: unknown[] = [];
  await rehearse(createClocheEngine, {
    channel: {
      postMessage: (message) => posted.push(message),
      addEventListener: (type) => posted.push(type),
    },
    nowMs: () => 0,
    fillRandom: (bytes) => void bytes.fill(4),
    delay: async () => {},
    nextTask: async () => {},
    holdLock: async () => true,
  });
  expect(posted).toEqual([]);
});

/** This library's engines, as its worker makes them. */

import { DEFAULT_LIMITS } from "../src/limits.ts";
import type { CreateEngine } from "../src/worker/engine.ts";
import { takeFromBrowser } from "../src/worker/lock-down.ts";
import { createRandom, createTime } from "../src/worker/platform.ts";
import { type FileCalls, type FileEngine, newGuestMemory } from "./file-system-workloads.ts";

export function fileEngineOf(createEngine: CreateEngine): FileEngine {
  const memory = newGuestMemory();
  const kept = takeFromBrowser();
  const engine = createEngine({
    isJournaled: false,
    limits: DEFAULT_LIMITS,
    args: [],
    env: {},
    hasDirectory: true,
    stdin: { read: () => new Uint8Array() },
    stdout: { write: () => {} },
    stderr: { write: () => {} },
    ...createTime("browser", true, kept, () => {}),
    random: createRandom("browser", kept),
  });
  engine.attachMemory(memory);
  return { calls: engine.imports as unknown as FileCalls, memory };
}

/** This library's engines, as its worker creates them. */

import { DEFAULT_LIMITS } from "../src/limits.ts";
import type { CreateEngine } from "../src/worker/engine.ts";
import { createRandom, createTime } from "../src/worker/platform.ts";
import { type FileCalls, type FileEngine, newGuestMemory } from "./file-system-workloads.ts";

/** What an engine needs of its platform, under the names that browsers and Node share. */
const PLATFORM = {
  nowMs: () => performance.now(),
  delay: (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs)),
  fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void crypto.getRandomValues(bytes),
};

export function fileEngineOf(createEngine: CreateEngine): FileEngine {
  const memory = newGuestMemory();
  const engine = createEngine({
    isJournaled: false,
    limits: DEFAULT_LIMITS,
    args: [],
    env: {},
    hasDirectory: true,
    stdin: { read: () => new Uint8Array() },
    stdout: { write: () => {} },
    stderr: { write: () => {} },
    terminal: { stdin: true, stdout: true, stderr: true },
    ...createTime("browser", true, PLATFORM, () => true),
    random: createRandom("browser", PLATFORM),
  });
  engine.attachMemory(memory);
  return { calls: engine.imports as unknown as FileCalls, memory };
}

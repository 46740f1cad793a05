import { WasmFs } from "@wasmer/wasmfs";
import { DEFAULT_LIMITS, type Limits } from "../../limits.ts";
import { TestGuest } from "../../wasi/guest.test-kit.ts";
import type { EngineOptions, WasiEngine } from "../../worker/engine.ts";
import { createWasmerEngine } from "./wasmer-engine.ts";

/** A guest in TypeScript whose system calls are those of the wasmer engine. */
export interface WasmerGuest {
  readonly guest: TestGuest;
  readonly engine: WasiEngine;
  /** The file system that its directory is in. */
  readonly wasmFs: WasmFs;
}

export function wasmerGuest(
  limits: Partial<Limits> = {},
  options: Partial<EngineOptions> = {},
): WasmerGuest {
  const guest = new TestGuest();
  const wasmFs = new WasmFs();
  const sink = (name: "stdout" | "stderr") => ({
    write: (bytes: Uint8Array): void => {
      guest.written[name] += new TextDecoder().decode(bytes);
    },
  });
  const engine = createWasmerEngine(
    {
      limits: { ...DEFAULT_LIMITS, ...limits },
      args: [],
      env: {},
      hasDirectory: true,
      stdin: { read: () => new Uint8Array() },
      stdout: sink("stdout"),
      stderr: sink("stderr"),
      terminal: { stdin: true, stdout: true, stderr: true },
      clock: guest.clock,
      isJournaled: false,
      random: (bytes) => bytes.fill(0xab),
      sleep: (durationMs) => void guest.sleptMs.push(durationMs),
      ...options,
    },
    wasmFs,
  );
  engine.attachMemory(guest.memory);
  Object.assign(guest, { preview1: { ...guest.preview1, imports: engine.imports } });
  return { guest, engine, wasmFs };
}

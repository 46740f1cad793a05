import { DEFAULT_LIMITS, type Limits } from "../../limits.ts";
import { TestGuest } from "../../wasi/guest.test-kit.ts";
import type { EngineFiles } from "../../worker/engine.ts";
import { wasmerGuest } from "./wasmer-guest.test-kit.ts";

/** A guest on one of the engines, and its files as the page works on them. */
export interface EngineGuest {
  readonly guest: TestGuest;
  readonly files: EngineFiles;
}

/** Both engines by name, for `test.each`. */
export const ENGINES: readonly [name: string, start: (limits?: Partial<Limits>) => EngineGuest][] =
  [
    [
      "Cloche's engine",
      (limits = {}) => {
        const guest = new TestGuest(limits);
        return { guest, files: guest.files };
      },
    ],
    [
      "the wasmer engine",
      (limits = {}) => {
        const { guest, engine } = wasmerGuest({ ...DEFAULT_LIMITS, ...limits });
        return { guest, files: engine.files };
      },
    ],
  ];

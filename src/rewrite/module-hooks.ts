import type { SizeLimits } from "../abi/size-limits.ts";

/** What a rewritten module imports and exports besides what the original does. */
export interface ModuleHooks {
  /** The module name that its own memories and the flag memory are imported from. */
  readonly importModule: string;
  /** For `"epoch"`: the memories that it defined and now imports, by name, in pages of 64 KiB. */
  readonly memories: Readonly<Record<string, SizeLimits>>;
  /** For `"epoch"`: the name that the flag memory is imported by. */
  readonly flagMemory: string | undefined;
  /** The export of the function that its start section named. */
  readonly start: string | undefined;
  /** For `"epoch"`: the export of the global with the number that the flag must have. */
  readonly generation: string | undefined;
  /** For `"fuel"`: the export of the global with the remaining fuel. */
  readonly fuel: string | undefined;
  /** For `"fuel"`: the export of the refill table, see `fuel-form.ts`. */
  readonly refill: string | undefined;
}

import type { SizeLimits } from "../abi/size-limits.ts";

/** What a rewritten module imports and exports in addition. */
export interface ModuleHooks {
  /** The name of the module that its own memories and the flag memory are imported from. */
  readonly importModule: string;
  /** The memories it defined, which it imports now, by name, in pages of 64 KiB: for `"epoch"`. */
  readonly memories: Readonly<Record<string, SizeLimits>>;
  /** What the flag memory is imported as, for `"epoch"`. */
  readonly flagMemory: string | undefined;
  /** Exports the function that was its start section. */
  readonly start: string | undefined;
  /** Exports the global for the number that the flag has while the instance may run: for `"epoch"`. */
  readonly generation: string | undefined;
  /** Exports the global with the fuel that is left, for `"fuel"`. */
  readonly fuel: string | undefined;
  /** Exports the table for what refills it, see `fuel-form.ts`: for `"fuel"`. */
  readonly refill: string | undefined;
}

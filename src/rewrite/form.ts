import type { WrittenFunctionType } from "../abi/type-section.ts";
import type { Charge } from "./bulk.ts";

/**
 * How a guest that does not return is interrupted:
 * - `"epoch"`: its code compares a number in memory that it shares with the page, which the page
 *   changes. Needs an isolated page and an engine with multiple memories.
 * - `"fuel"`: its code counts its instructions and checks its deadline now and then.
 * - `"terminate"`: its code is not changed; the browser terminates the worker, which takes longer.
 */
export type Interruption = "epoch" | "fuel" | "terminate";

/** Forms by their numbers in `assembly/write.ts`. */
export const FORM_KIND = { terminate: 0, epoch: 1, fuel: 2 } as const;

/** One way to insert checks into functions: what `assembly/write.ts` needs for it. */
export interface Form {
  readonly kind: number;
  /** For `"epoch"`: the encoded check. */
  readonly check: readonly number[];
  /** For `"fuel"`: the index of the global with the fuel. */
  readonly fuel: number;
  readonly charge: Charge;
  /** For `"fuel"`: adds the function that asks for more. Returns its index. */
  refill(): number;
  /** For `"fuel"`: adds the type of a block that has the results of a function type. Returns its index. */
  blockType(type: WrittenFunctionType): number;
}

/** Leaves functions as they are. */
export const NO_CHECKS: Form = {
  kind: FORM_KIND.terminate,
  check: [],
  fuel: 0,
  charge: unused,
  refill: unused,
  blockType: unused,
};

/** For what a kind of form never calls. */
export function unused(): never {
  throw new TypeError("Cannot insert: this form has no such code");
}

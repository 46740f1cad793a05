import type { WrittenFunctionType } from "../abi/type-section.ts";
import type { BinaryWriter } from "./binary-writer.ts";
import type { FunctionBody } from "./function-body.ts";

/**
 * How a guest that does not return is interrupted:
 * - `"epoch"`: its code compares a number in memory that it shares with the page, which the page
 *   changes. Needs an isolated page and an engine with multiple memories.
 * - `"fuel"`: its code counts its instructions and checks its deadline now and then.
 * - `"terminate"`: its code is not changed; the browser terminates the worker, which takes longer.
 */
export type Interruption = "epoch" | "fuel" | "terminate";

/** One way to insert checks into functions. */
export interface Form {
  /**
   * Writes a function's body: its locals, and its code with the last `end`.
   *
   * @param type The function's type.
   */
  writeBody(body: FunctionBody, type: WrittenFunctionType, writer: BinaryWriter): void;
}

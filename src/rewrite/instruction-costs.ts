/**
 * Finds who pays for each instruction: the last check before it that it always follows. That is the
 * function's entry, the head of a loop, or a waypoint.
 */

import type { Sites } from "./function-body.ts";

/** In place of a site: the entry of the function. */
const ENTRY = -1;

export class InstructionCosts {
  readonly #sites: Sites;
  #atEntry = 0;
  /** By open block, outermost first. */
  readonly #payers: number[] = [];
  #depth = 0;
  #payer = ENTRY;
  /** The number of instructions passed, and of those charged. */
  #passed = 0;
  #charged = 0;

  /** @param sites Whose costs are set. */
  constructor(sites: Sites) {
    this.#sites = sites;
  }

  /** The number of instructions that the entry of the function pays for. */
  get atEntry(): number {
    return this.#atEntry;
  }

  /** Starts the body of another function. */
  reset(): void {
    this.#atEntry = 0;
    this.#payers[0] = ENTRY;
    this.#depth = 1;
    this.#payer = ENTRY;
    this.#passed = 0;
    this.#charged = 0;
  }

  /** Passes an instruction. Called before the other methods for it. */
  pass(): void {
    this.#passed += 1;
  }

  open(): void {
    this.#payers[this.#depth++] = this.#payer;
  }

  close(): void {
    this.#depth -= 1;
    this.#continueWith(this.#payers[this.#depth - 1] ?? ENTRY);
  }

  /** Code behind `else` or `catch` is paid for like the block that it is in. */
  enterArm(): void {
    const around = this.#payers[this.#depth - 2] ?? ENTRY;
    this.#payers[this.#depth - 1] = around;
    this.#continueWith(around);
  }

  /** From here on a check pays, up to the end of the innermost block. */
  check(site: number): void {
    this.#continueWith(site);
    this.#payers[this.#depth - 1] = site;
  }

  /** Charges the payer so far for what was passed, and continues with another one. */
  #continueWith(payer: number): void {
    const cost = this.#passed - this.#charged;
    if (this.#payer === ENTRY) this.#atEntry += cost;
    else (this.#sites.costs[this.#payer] as number) += cost;
    this.#payer = payer;
    this.#charged = this.#passed;
  }
}

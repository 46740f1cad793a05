import { describeValue } from "../wording/describe-value.ts";
import type { CodecLimits } from "./codec-limits.ts";
import type { Handles } from "./handles.ts";
import { Mismatch, type Step } from "./mismatch.ts";

/** A position in the bytes of a message and in the value that they encode. */
export abstract class Cursor {
  /** The number of bytes written or taken so far, and the position of the next. */
  offset = 0;
  /** The number of values that enclose the current one. */
  depth = 0;
  readonly limits: CodecLimits;
  /** Where resources have their handles; `undefined` where none may cross. */
  readonly handles: Handles | undefined;
  readonly #maxDepth: number;

  constructor(limits: CodecLimits, handles: Handles | undefined) {
    this.limits = limits;
    this.handles = handles;
    this.#maxDepth = limits.valueDepth;
  }

  /** Enters a value that contains others; {@link leave} leaves it. @throws Mismatch beyond `valueDepth`. */
  enter(): void {
    if (this.depth >= this.#maxDepth) throw this.#tooDeep();
    this.depth += 1;
  }

  leave(): void {
    this.depth -= 1;
  }

  /** The error for a value of another type than `expected`, whose bytes start at `at`. */
  wrong(value: unknown, expected: string, at: number = this.offset): Mismatch {
    return new Mismatch(`${describeValue(value)} is not ${expected}`, at);
  }

  #tooDeep(): Mismatch {
    return this.mismatch(`more than ${this.depth} levels of nesting (limits.valueDepth)`);
  }

  /** What to throw when a part, at `steps` in the current value, has thrown `error`. */
  within(error: unknown, ...steps: readonly Step[]): unknown {
    if (error instanceof Mismatch) error.steps.unshift(...steps);
    return error;
  }

  /** The error for a `problem` at byte `at`. */
  mismatch(problem: string, at: number = this.offset): Mismatch {
    return new Mismatch(problem, at);
  }
}

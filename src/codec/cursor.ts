import { describeValue } from "../wording/describe-value.ts";
import type { CodecLimits } from "./codec-limits.ts";
import { Mismatch } from "./mismatch.ts";

/** A place in the bytes of a message and in the value that they stand for. */
export abstract class Cursor {
  /** How many bytes have been written or taken so far, and where the next one goes or is. */
  offset = 0;
  /** How many values are open around the one at hand. */
  depth = 0;
  readonly limits: CodecLimits;

  constructor(limits: CodecLimits) {
    this.limits = limits;
  }

  /** Opens a value that has others within it; {@link leave} closes it. @throws Mismatch too deep. */
  enter(): void {
    if (this.depth >= this.limits.valueDepth) {
      throw this.mismatch(
        `values nested deeper than ${this.depth}`,
        `at most ${this.limits.valueDepth} (limits.valueDepth)`,
      );
    }
    this.depth += 1;
  }

  leave(): void {
    this.depth -= 1;
  }

  /** The error for a value that is not as `expected`, and whose bytes start at `at`. */
  wrong(value: unknown, expected: string, at: number = this.offset): Mismatch {
    return new Mismatch(describeValue(value), expected, at);
  }

  /** The error for what was `found` at byte `at`. */
  mismatch(found: string, expected: string, at: number = this.offset): Mismatch {
    return new Mismatch(found, expected, at);
  }
}

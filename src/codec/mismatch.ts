import { CodecError } from "../errors.ts";

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A name, or a position in a sequence. */
export type Step = string | number;

/**
 * What codecs throw: a {@link CodecError} that does not know its path yet. Each enclosing value adds
 * its step while the stack unwinds, so that paths cost nothing where nothing fails.
 */
export class Mismatch {
  readonly problem: string;
  readonly byteOffset: number;
  /** With a `cause` where something else was thrown first. */
  readonly options: ErrorOptions;
  /** From the outermost value inward. */
  readonly steps: Step[] = [];

  /** @param problem What is wrong, such as `string "a" is not f64 (a number)`. */
  constructor(problem: string, byteOffset: number, options: ErrorOptions = {}) {
    this.problem = problem;
    this.byteOffset = byteOffset;
    this.options = options;
  }

  toError(verb: "encode" | "decode"): CodecError {
    const { problem, byteOffset, options } = this;
    const path = `$${this.steps.map(stepText).join("")}`;
    return new CodecError(`Cannot ${verb} ${path}: ${problem}`, {
      ...options,
      path,
      byteOffset,
    });
  }
}

function stepText(step: Step): string {
  if (typeof step === "number") return `[${step}]`;
  return IDENTIFIER.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

import { CodecError } from "../errors.ts";

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A name, or a position in a sequence. */
type Step = string | number;

/**
 * What codecs throw: a {@link CodecError} that does not know its path yet. Each enclosing value adds
 * its step while the stack unwinds, so that paths cost nothing where nothing fails.
 */
export class Mismatch {
  readonly problem: string;
  readonly byteOffset: number;
  /** From the outermost value inward. */
  readonly steps: Step[] = [];

  /** @param problem What is wrong, such as `string "a" is not f64 (a number)`. */
  constructor(problem: string, byteOffset: number) {
    this.problem = problem;
    this.byteOffset = byteOffset;
  }

  toError(verb: "encode" | "decode"): CodecError {
    const { problem, byteOffset } = this;
    const path = `$${this.steps.map(stepText).join("")}`;
    return new CodecError(`Cannot ${verb} ${path}: ${problem}`, { path, byteOffset });
  }
}

/** Rethrows `error`, with `steps` put before its path. */
export function rethrowWithin(error: unknown, ...steps: readonly Step[]): never {
  if (error instanceof Mismatch) error.steps.unshift(...steps);
  throw error;
}

function stepText(step: Step): string {
  if (typeof step === "number") return `[${step}]`;
  return IDENTIFIER.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

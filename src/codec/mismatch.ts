import { CodecError } from "../errors.ts";

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A name, or a position in a sequence. */
type Step = string | number;

/**
 * What a codec throws on its way: a {@link CodecError} that does not know its path yet. Each value
 * around the one that failed adds its step while the stack unwinds, so that paths cost nothing as
 * long as all goes well.
 */
export class Mismatch {
  readonly found: string;
  readonly expected: string;
  readonly byteOffset: number;
  /** From the outermost inward. */
  readonly steps: Step[] = [];

  constructor(found: string, expected: string, byteOffset: number) {
    this.found = found;
    this.expected = expected;
    this.byteOffset = byteOffset;
  }

  toError(verb: "encode" | "decode"): CodecError {
    const { found, expected, byteOffset } = this;
    const path = `$${this.steps.map(stepText).join("")}`;
    return new CodecError(`Cannot ${verb} value "${path}": found ${found}, expected ${expected}`, {
      path,
      byteOffset,
    });
  }
}

/** Throws `error` again, as having happened at these `steps` into the value at hand. */
export function rethrowWithin(error: unknown, ...steps: readonly Step[]): never {
  if (error instanceof Mismatch) error.steps.unshift(...steps);
  throw error;
}

function stepText(step: Step): string {
  if (typeof step === "number") return `[${step}]`;
  return IDENTIFIER.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

import { CodecError } from "../errors.ts";

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const SHOWN_CHARACTERS = 40;
const SHOWN_BIGINT = 2n ** 128n;

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

/** A JavaScript value in a few words, such as `string "a"` or `Array of 3`. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `string ${JSON.stringify(value.slice(0, SHOWN_CHARACTERS))}${
        value.length > SHOWN_CHARACTERS ? ` and ${value.length - SHOWN_CHARACTERS} more` : ""
      }`;
    case "number":
      return `number ${Object.is(value, -0) ? "-0" : value}`;
    case "bigint":
      // Writing out a very long bigint would itself take seconds.
      return -SHOWN_BIGINT <= value && value <= SHOWN_BIGINT
        ? `bigint ${value}`
        : "bigint of more than 128 bits";
    case "boolean":
      return `boolean ${value}`;
    case "object": {
      if (value === null) return "null";
      const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
      const isList = Array.isArray(value) || ArrayBuffer.isView(value);
      return isList && "length" in value ? `${kind} of ${String(value.length)}` : kind;
    }
    case "undefined":
    case "symbol":
    case "function":
      return typeof value;
  }
}

function stepText(step: Step): string {
  if (typeof step === "number") return `[${step}]`;
  return IDENTIFIER.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

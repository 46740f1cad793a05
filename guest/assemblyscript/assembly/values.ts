/** What a class extends whose fields cross as a tuple: `class Entry extends Tuple { … }`. */
export abstract class Tuple {}

/** One character of Unicode, other than a surrogate: `char`. */
export class Char {
  constructor(public code: u32) {}

  toString(): string {
    return String.fromCodePoint(this.code);
  }
}

/** A span of time: `duration`. */
export class Duration {
  constructor(
    public seconds: u64 = 0,
    /** Below 1,000,000,000. */
    public nanoseconds: u32 = 0,
  ) {}
}

/** `u128`, in two halves. */
export class U128 {
  constructor(
    public low: u64 = 0,
    public high: u64 = 0,
  ) {}
}

/** `i128`, in two halves. */
export class I128 {
  constructor(
    public low: u64 = 0,
    public high: i64 = 0,
  ) {}
}

/** No value, for `Result<Unit, E>`. In JavaScript it is `undefined`. */
export class Unit {}

/** What a function returns that may fail: a value, or an error. */
export class Result<T, E> {
  // The transform reads and writes these by their names.
  private hasValue: bool = false;
  private okValue: T = unset<T>();
  private errorValue: E = unset<E>();

  /** The result of a function that succeeded. */
  static ok<T, E>(value: T): Result<T, E> {
    const result = instantiate<Result<T, E>>();
    result.hasValue = true;
    result.okValue = value;
    return result;
  }

  /** The result of a function that failed. */
  static error<T, E>(error: E): Result<T, E> {
    const result = instantiate<Result<T, E>>();
    result.errorValue = error;
    return result;
  }

  /** Whether there is a value. */
  get isOk(): bool {
    return this.hasValue;
  }

  /** The value. Aborts if there is none. */
  get value(): T {
    assert(this.hasValue, "The result has no value, it is an error");
    return this.okValue;
  }

  /** The error. Aborts if there is none. */
  get error(): E {
    assert(!this.hasValue, "The result has no error, it is a value");
    return this.errorValue;
  }
}

/** Zero or null, for the field that a result leaves unset. */
// @ts-ignore: decorator
@inline
function unset<T>(): T {
  return isReference<T>() ? changetype<T>(<usize>0) : <T>0;
}

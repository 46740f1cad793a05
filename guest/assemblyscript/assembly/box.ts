/**
 * A value in an object, so that it can be missing: AssemblyScript has no `u64 | null`, but
 * `Box<u64> | null`. It crosses as the value alone.
 */
export class Box<T> {
  constructor(public value: T) {}
}

// How generated code makes and fills objects. It cannot name functions of the runtime itself: a plugin
// may offer a function `link`, which the generated code exports as `__link`.
import { fail } from "./abort";

/** An object without running its constructor. All of its fields are zero or null. */
export function createObject<T>(): T {
  return changetype<T>(__new(offsetof<T>(), idof<T>()));
}

export function setField<V>(object: usize, value: V, offset: usize): void {
  store<V>(object + offset, value);
  if (isManaged<V>()) __link(object, changetype<usize>(value), false);
}

export function getField<V>(object: usize, offset: usize): V {
  return load<V>(object + offset);
}

/** Whether an object is of exactly one class. */
export function isExactly<T>(object: usize): bool {
  return load<u32>(object - 8) == idof<T>();
}

/** Fails if an object that cannot be null is null, as an unset field marked with `!` is. */
export function requireSet(object: usize, name: string): void {
  if (!object) fail("Cannot encode " + name + ": it is not set");
}

/** The handle of a resource that is passed on. */
export function requireHandle(handle: u64): u64 {
  if (!handle) fail("Cannot pass a resource that was given up");
  return handle;
}

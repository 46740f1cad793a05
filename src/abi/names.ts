/** The names that the ABI gives to a module's exports and imports. */

/** The import module that host functions come from. */
export const HOST_MODULE = "env";

/** The import module of WASI preview 1. */
export const WASI_MODULE = "wasi_snapshot_preview1";

/** The export that is the guest's linear memory. */
export const MEMORY_EXPORT = "memory";

/** `(len: i32) -> i32`: gives the host a buffer to write into. */
export const ALLOC_EXPORT = "__alloc_buffer";

/** `(buffer: i64) -> ()`: takes a buffer back. */
export const FREE_EXPORT = "__free_buffer";

/** `() -> ()`: a reactor's start-up, run once before any call. */
export const INITIALIZE_EXPORT = "_initialize";

/** `() -> ()`: a command's entry point, which a plugin never has run. */
export const START_EXPORT = "_start";

/** What LLVM calls the pointer into the shadow stack, a mutable global; most modules keep it to themselves. */
export const STACK_POINTER_EXPORT = "__stack_pointer";

/** `() -> i32`: the stack pointer, where the global itself is not exported. */
export const STACK_SAVE_EXPORT = "_stack_save";

/** `(pointer: i32) -> ()`: puts the stack pointer back. */
export const STACK_RESTORE_EXPORT = "_stack_restore";

const PREFIX = "__";

/** Items of a list that a message shows: enough to see a slip of the pen by. */
const ITEMS_SHOWN = 12;

/** Characters of a name that a message shows: a guest's can be very long. */
const CHARACTERS_SHOWN = 100;

/** A name that a guest has chosen, for a message. */
export function shownName(name: string): string {
  return name.length > CHARACTERS_SHOWN ? `${name.slice(0, CHARACTERS_SHOWN)}…` : name;
}

/** A list that may be as long as a guest makes it, for a message. */
export function shownList(items: readonly string[], separator: string): string {
  const more = items.length - ITEMS_SHOWN;
  const shown = items.slice(0, ITEMS_SHOWN).join(separator);
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** The Wasm name of the guest or host function `name`. */
export function wasmName(name: string): string {
  return PREFIX + name;
}

/** The function's name behind a Wasm name, or `undefined` where the Wasm name is no function of the ABI. */
export function functionName(wasm: string): string | undefined {
  const isFunction =
    wasm.startsWith(PREFIX) &&
    wasm.length > PREFIX.length &&
    wasm !== ALLOC_EXPORT &&
    wasm !== FREE_EXPORT;
  return isFunction ? wasm.slice(PREFIX.length) : undefined;
}

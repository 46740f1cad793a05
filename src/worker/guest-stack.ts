/** The stack of a guest that LLVM keeps in linear memory, the shadow stack. */

import { STACK_POINTER_EXPORT, STACK_RESTORE_EXPORT, STACK_SAVE_EXPORT } from "../abi/names.ts";

/**
 * Returns a function that sets the stack pointer to what it is now, between two calls.
 *
 * The exception of a host function skips the epilogues of the guest's frames, and each such call would
 * leak some stack. The function does nothing if the guest exports no pointer, and never throws.
 *
 * @param pinned Runs a guest function that may not be suspended.
 * @throws whatever the guest raises when it is asked for its pointer.
 */
export function stackRestorer(
  exports: WebAssembly.Exports,
  pinned: <T>(run: () => T) => T,
): () => void {
  const save = exports[STACK_SAVE_EXPORT];
  const restore = exports[STACK_RESTORE_EXPORT];
  const pointer = exports[STACK_POINTER_EXPORT];
  if (typeof save === "function" && typeof restore === "function") {
    const saved: unknown = pinned(() => save());
    return () => ignoringErrors(() => pinned(() => restore(saved)));
  }
  if (!(pointer instanceof WebAssembly.Global)) return () => {};
  let restorer = () => {};
  ignoringErrors(() => {
    const saved: unknown = pointer.value;
    restorer = () => ignoringErrors(() => setValue(pointer, saved));
  });
  return restorer;
}

function setValue(pointer: WebAssembly.Global, value: unknown): void {
  pointer.value = value;
}

/** An error here must not hide the one after which the stack is restored. */
function ignoringErrors(run: () => void): void {
  try {
    run();
  } catch {}
}

import { Errno } from "./errno.ts";
import { WasiError } from "./wasi-error.ts";

/** The errors of a path that leads to nothing. */
const MISSING: readonly Errno[] = [Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EPERM];

/** Runs `operation`, and adds `path` to the {@link WasiError} that it throws. */
export function withPath<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    if (!(error instanceof WasiError) || error.path !== undefined) throw error;
    throw new WasiError(error.errno, path);
  }
}

/** Runs `operation`. Returns `false` when it throws because its path leads to nothing, else `true`. */
export function isFound(operation: () => unknown): boolean {
  try {
    operation();
    return true;
  } catch (error) {
    if (error instanceof WasiError && MISSING.includes(error.errno)) return false;
    throw error;
  }
}

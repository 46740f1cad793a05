import { type Errno, type ErrnoCode, errnoCode, errnoMeaning } from "./errno.ts";

/**
 * The failure of a system call or of an operation on the file system.
 *
 * The guest gets its error number; the page gets a `PluginFileError` made from it.
 */
export class WasiError extends Error {
  readonly errno: Errno;
  /** The name of the error number, such as `"ENOENT"`. */
  readonly code: ErrnoCode;
  /** The path that the page asked for; `undefined` for a system call. */
  readonly path: string | undefined;

  static {
    WasiError.prototype.name = "WasiError";
  }

  constructor(errno: Errno, path?: string) {
    const code = errnoCode(errno);
    const reason = `${errnoMeaning(code)} (${code})`;
    super(path === undefined ? reason : `${JSON.stringify(path)}: ${reason}`);
    this.errno = errno;
    this.code = code;
    this.path = path;
  }
}

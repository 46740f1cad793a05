import { type Errno, errnoCode } from "./errno.ts";

/**
 * How a system call, or an operation on the file system, fails: with an error number.
 *
 * Toward the guest one wrapper turns it into that number; toward the page it carries the path.
 */
export class WasiError extends Error {
  readonly errno: Errno;
  /** The name of the error number, such as `"ENOENT"`. */
  readonly code: string;
  /** The path that was asked for, where the page asked for one. */
  readonly path: string | undefined;

  static {
    WasiError.prototype.name = "WasiError";
  }

  constructor(errno: Errno, path?: string) {
    const code = errnoCode(errno);
    super(path === undefined ? code : `${code}: "${path}"`);
    this.errno = errno;
    this.code = code;
    this.path = path;
  }
}

import { Errno } from "./errno.ts";
import { encodeUtf8 } from "./utf8.ts";
import { WasiError } from "./wasi-error.ts";

/**
 * Turns a path from the page into one relative to `/`, as `NodeTree.find` takes it. The page may leave
 * out the slash at the start.
 *
 * @throws WasiError EINVAL (it contains a NUL), EILSEQ (it contains a lone surrogate), ENAMETOOLONG
 */
export function pagePath(path: string, maxBytes: number): string {
  assertText(path);
  if (encodeUtf8(path).length > maxBytes) throw new WasiError(Errno.ENAMETOOLONG);
  const relative = path.replace(/^\/+/, "");
  return relative === "" ? "." : relative;
}

/** @throws WasiError EINVAL, EILSEQ when `name` is not a valid file name. */
export function assertName(name: string): void {
  if (isPath(name)) throw new WasiError(Errno.EINVAL);
  assertText(name);
}

/** Whether a value, also one from a hostile worker, is a valid file name. */
export function isFileName(data: unknown): data is string {
  if (typeof data !== "string" || isPath(data)) return false;
  return !data.includes("\0") && data.isWellFormed();
}

/** Whether `name` is empty or would be read as a path. */
function isPath(name: string): boolean {
  return name === "" || name === "." || name === ".." || name.includes("/");
}

function assertText(text: string): void {
  if (text.includes("\0")) throw new WasiError(Errno.EINVAL);
  // Encoding would replace a lone surrogate, so that the guest would see another name.
  if (!text.isWellFormed()) throw new WasiError(Errno.EILSEQ);
}

import { Errno } from "./errno.ts";
import { encodeUtf8 } from "./utf8.ts";
import { WasiError } from "./wasi-error.ts";

/**
 * A path of the page, relative to `/` whether it starts there or not, as the resolver takes it.
 *
 * @throws WasiError EINVAL (a NUL in it), EILSEQ (half a surrogate pair in it), ENAMETOOLONG
 */
export function pagePath(path: string, maxBytes: number): string {
  assertText(path);
  if (encodeUtf8(path).length > maxBytes) throw new WasiError(Errno.ENAMETOOLONG);
  const relative = path.replace(/^\/+/, "");
  return relative === "" ? "." : relative;
}

/** @throws WasiError EINVAL, EILSEQ when `name` can't be the name of a file. */
export function assertName(name: string): void {
  if (isPlaceName(name)) throw new WasiError(Errno.EINVAL);
  assertText(name);
}

/** Whether anything, from wherever, can be the name of a file. */
export function isFileName(data: unknown): data is string {
  if (typeof data !== "string" || isPlaceName(data)) return false;
  return !data.includes("\0") && data.isWellFormed();
}

/** Whether a name is none, or leads somewhere else. */
function isPlaceName(name: string): boolean {
  return name === "" || name === "." || name === ".." || name.includes("/");
}

function assertText(text: string): void {
  if (text.includes("\0")) throw new WasiError(Errno.EINVAL);
  // It would come back from the guest as another text.
  if (!text.isWellFormed()) throw new WasiError(Errno.EILSEQ);
}

import { describeValue } from "../wording/describe-value.ts";
import { encodeUtf8 } from "./utf8.ts";

/**
 * Returns the bytes of a file's content: text as UTF-8, or the given array itself.
 *
 * All content from the page passes this check, so that a value without a length
 * never reaches the sums that limits are checked against.
 *
 * @throws TypeError for anything but a string or a `Uint8Array`.
 */
export function fileBytes(content: unknown): Uint8Array {
  if (typeof content === "string") return encodeUtf8(content);
  // Structured cloning has made it an array of this realm.
  if (content instanceof Uint8Array) return content;
  throw new TypeError(
    `Invalid file content: ${describeValue(content)} (must be a string or a Uint8Array)`,
  );
}

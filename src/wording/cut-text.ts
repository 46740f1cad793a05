/**
 * The start of a text, as a text of its own: what `slice` gives keeps all of the other in memory,
 * which a worker may have made as long as texts can be.
 */
export function cutText(text: string, mostChars: number): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    new TextEncoder().encode(text.slice(0, mostChars)),
  );
}

/** Offers bytes to the user as a download. */

/** Long enough for the browser to begin with it. */
const KEPT_MS = 10_000;

export function saveFile(contents: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(contents);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/** Text that a guest may have chosen, for a terminal. */

/** What a terminal obeys or hides, besides line ends. */
const CONTROLS = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text with U+FFFD in the place of each character that a terminal obeys. */
export function printable(text: string): string {
  return text.replaceAll(CONTROLS, "\ufffd");
}

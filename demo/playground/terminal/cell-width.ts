/** How many cells of a terminal a character takes: as xterm.js does with its tables of Unicode 6. */

const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const WITHOUT_WIDTH =
  /[\p{Nonspacing_Mark}\p{Enclosing_Mark}\u200b-\u200f\u202a-\u202e\u2060-\u2063]/u;

/** @param character One code point. */
export function cellWidth(character: string): 0 | 1 | 2 {
  if (WITHOUT_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Reads numbers from text that a person typed or pasted, and writes them back. */

/** One word of the text, and its position. */
export interface NumberToken {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The word as a number, or `undefined` if it is not one. */
  readonly value: number | undefined;
  /** Whether more typing could make it a number, such as `-` or `1e`. */
  readonly isUnfinished: boolean;
}

const WORD = /[^\s,;]+/g;
const NUMBER = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|infinity)$/i;
const START_OF_NUMBER =
  /^[+-]?(?:\d*\.?|(?:\d+\.?\d*|\.\d+)e[+-]?|i(?:n(?:f(?:i(?:n(?:it?)?)?)?)?)?)$/i;

/** Reads a decimal number or `Infinity`; `0x10` and `NaN` are not accepted. */
function parseNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const infinity = /^([+-]?)infinity$/i.exec(text);
  if (infinity !== null) return infinity[1] === "-" ? -Infinity : Infinity;
  return Number(text);
}

/** The words of a text, separated by commas, semicolons, spaces and line breaks. */
export function readNumbers(text: string): NumberToken[] {
  return [...text.matchAll(WORD)].map(({ 0: word, index }) => ({
    text: word,
    start: index,
    end: index + word.length,
    value: parseNumber(word),
    isUnfinished: START_OF_NUMBER.test(word),
  }));
}

/** A number as text, with the sign of a negative zero. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/**
 * The text of a number moved by a count of steps. A step is one in the number's last written place,
 * or about a hundredth of it where the number is written with an exponent.
 */
export function stepNumber(text: string, steps: number): string {
  const value = parseNumber(text);
  if (value === undefined || !Number.isFinite(value)) return text;
  const size = Math.abs(value);
  if (/e/i.test(text) || size >= 1e9) {
    const step = size === 0 ? 1 : 10 ** (Math.floor(Math.log10(size)) - 2);
    const moved = value + steps * (step === 0 ? Number.MIN_VALUE : step);
    return Number.isFinite(moved) ? numberText(Number(moved.toPrecision(4))) : text;
  }
  const decimals = Math.min(text.split(".")[1]?.length ?? 0, 12);
  return (value + steps * 10 ** -decimals).toFixed(decimals);
}

/**
 * Doubles each number.
 *
 * @param {number[]} x
 * @returns {number[]}
 */
export function double(x) {
  return x.map((value) => value * 2);
}

/**
 * Greets somebody by name.
 *
 * @param {string} name
 * @returns {string}
 */
export function greet(name) {
  return `Hello, ${name}!`;
}

/**
 * Doubles every number.
 *
 * @param {number[]} x
 * @returns {number[]}
 */
export function double(x) {
  return x.map((each) => each * 2);
}

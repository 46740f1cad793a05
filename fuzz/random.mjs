// Repeatable random numbers.

/**
 * @param {...number} seeds Select the sequence, all together.
 */
export function randomOf(...seeds) {
  let state = seeds.reduce((mixed, seed) => mix(mixed ^ (seed >>> 0)), 0x9e3779b9);
  /** An integer from 0 up to, but not including, `end`. */
  const below = (end) => {
    state = (state + 0x6d2b79f5) >>> 0;
    return Math.floor((mix(state) / 2 ** 32) * end);
  };
  return {
    below,
    pick: (items) => items[below(items.length)],
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}

function mix(value) {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

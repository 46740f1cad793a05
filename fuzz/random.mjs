// Numbers that look random and are the same for the same seed.

/**
 * @param {...number} seeds Together they name one row of numbers.
 */
export function randomOf(...seeds) {
  let state = seeds.reduce((mixed, seed) => mix(mixed ^ (seed >>> 0)), 0x9e3779b9);
  /** An integer from 0 to below `end`. */
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

// Numbers from what the bench measured: quantiles, and ratios taken round by round.

/** @typedef {import("./measure.ts").Table} Table */

/** @param {Table} table */
export function rowOf({ rows }, name) {
  return rows.find((row) => row.name === name);
}

/**
 * The time of one row as a multiple of another's: the median of the ratios of all rounds.
 *
 * @param {Table} table
 */
export function ratioOf(table, name, to = table.baseline) {
  const base = rowOf(table, to).samples;
  const ratios = rowOf(table, name).samples.map((sample, round) => sample / base[round]);
  return quantile(
    ratios.filter((ratio) => !Number.isNaN(ratio)),
    0.5,
  );
}

/** @param {readonly number[]} samples */
export function quantile(samples, share) {
  const sorted = samples.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  return below + (above - below) * (position - Math.floor(position));
}

/** Two digits behind the point, and one that matters of a small ratio. */
export function describeRatio(ratio) {
  return ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2);
}

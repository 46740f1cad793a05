// Prints what the bench measured: medians, and ratios taken round by round.

/** @typedef {import("./measure.ts").Table} Table */

/**
 * Formats the tables as text, with the most important ratios repeated at the end.
 *
 * @param {readonly Table[]} tables
 */
export function describeTables(tables) {
  const headlines = tables.flatMap((table) =>
    Object.entries(table.headlines).map(([name, label]) => [label, ratio(table, name)]),
  );
  const lines = ["ratios, less is better", ...headlines.map(([label, times]) => row(label, times))];
  return [...tables.map(describeTable), lines.join("\n")].join("\n\n");
}

/** @param {Table} table */
function describeTable(table) {
  const { title, unit, rate, rows, isTail } = table;
  if (isTail) {
    const lines = rows.map(({ name, samples }) => {
      const [median, tail, worst] = [0.5, 0.99, 1].map((share) => number(quantile(samples, share)));
      return row(name, median, tail, worst, `${samples.length} times`);
    });
    return [row(title, "median", "99 %", `worst, ${unit}`, "", 0), ...lines].join("\n");
  }
  const lines = rows.map(({ name, samples, isStopped }) => {
    if (isStopped) {
      return row(name, `> ${ratio(table, name)}`, `> ${number(samples.at(-1))}`, "stopped");
    }
    const median = quantile(samples, 0.5);
    const middle = `${number(quantile(samples, 0.25))}–${number(quantile(samples, 0.75))}`;
    const perSecond = rate && Math.round(UNITS_PER_SECOND[unit] / median).toLocaleString("en");
    return row(name, ratio(table, name), number(median), middle, perSecond);
  });
  return [row(title, "ratio", unit, "middle half", rate, 0), ...lines].join("\n");
}

const UNITS_PER_SECOND = { ns: 1e9, µs: 1e6, ms: 1e3 };

function row(label, times, median = "", middle = "", perSecond = "", indent = 2) {
  const start = (" ".repeat(indent) + label).padEnd(54);
  return `${start}${times.padStart(8)}${median.padStart(10)}${middle.padStart(16)}${perSecond.padStart(12)}`.trimEnd();
}

/** The ratio of a row to its baseline: the median of the ratios of all rounds. */
function ratio({ baseline, rows }, name) {
  const samplesOf = (wanted) => rows.find((each) => each.name === wanted).samples;
  const base = samplesOf(baseline);
  const ratios = samplesOf(name).map((sample, round) => sample / base[round]);
  const median = quantile(ratios, 0.5);
  return median < 0.1 ? median.toPrecision(1) : median.toFixed(2);
}

function quantile(samples, share) {
  const sorted = samples.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  return below + (above - below) * (position - Math.floor(position));
}

function number(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

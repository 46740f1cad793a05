// Prints what the bench measured.

import { describeRatio, quantile, ratioOf } from "./results.mjs";

/** @typedef {import("./measure.ts").PlacedTable} Table */

/**
 * Formats the tables as text, with the most important ratios repeated at the end.
 *
 * @param {readonly Table[]} tables
 */
export function describeTables(tables) {
  const headlines = tables.flatMap((table) =>
    Object.entries(table.headlines).map(([name, label]) => [
      label + placeOf(table),
      describeRatio(ratioOf(table, name)),
    ]),
  );
  const lines = ["ratios, less is better", ...headlines.map(([label, times]) => row(label, times))];
  return [...tables.map(describeTable), lines.join("\n")].join("\n\n");
}

/** @param {Table} table */
function describeTable(table) {
  const { title, unit, rate, rows, isTail } = table;
  const place = placeOf(table);
  if (isTail) {
    const lines = rows.map(({ name, samples }) => {
      const [median, tail, worst] = [0.5, 0.99, 1].map((share) => number(quantile(samples, share)));
      return row(name, median, tail, worst, `${samples.length} times`);
    });
    return [row(title + place, "median", "99 %", `worst, ${unit}`, "", 0), ...lines].join("\n");
  }
  const lines = rows.map(({ name, samples, isStopped }) => {
    if (isStopped) {
      return row(
        name,
        `> ${describeRatio(ratioOf(table, name))}`,
        `> ${number(samples.at(-1))}`,
        "stopped",
      );
    }
    const median = quantile(samples, 0.5);
    const middle = `${number(quantile(samples, 0.25))}–${number(quantile(samples, 0.75))}`;
    const perSecond = rate && Math.round(UNITS_PER_SECOND[unit] / median).toLocaleString("en");
    return row(name, describeRatio(ratioOf(table, name)), number(median), middle, perSecond);
  });
  return [row(title + place, "ratio", unit, "middle half", rate, 0), ...lines].join("\n");
}

function placeOf({ page }) {
  return page === "isolated" ? "" : ", not isolated";
}

const UNITS_PER_SECOND = { ns: 1e9, µs: 1e6, ms: 1e3 };

function row(label, times, median = "", middle = "", perSecond = "", indent = 2) {
  const start = (" ".repeat(indent) + label).padEnd(62);
  return `${start}${times.padStart(8)}${median.padStart(10)}${middle.padStart(16)}${perSecond.padStart(12)}`.trimEnd();
}

function number(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

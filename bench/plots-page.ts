/** The script of the page with plots: see `plots.mjs`. */

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { PlacedTable } from "./measure.ts";
import { quantile, ratioOf } from "./results.mjs";

interface Run {
  readonly browser: string;
  readonly tables: readonly PlacedTable[];
}

/** The times are on a logarithmic scale. */
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- uPlot's enum is in its types alone
const SCALES = { x: { time: false }, y: { distr: 3 } } as uPlot.Scales;

const COLOURS = ["#111", "#d33", "#27c", "#292", "#a3a", "#e80", "#0aa", "#888"];

const runs = JSON.parse(document.getElementById("runs")?.textContent ?? "[]") as Run[];
for (const { browser, tables } of runs) {
  for (const table of tables) plot(browser, table);
}

function plot(browser: string, table: PlacedTable): void {
  const { title, unit, rows, page, baseline, isTail } = table;
  const rounds = Math.max(...rows.map(({ samples }) => samples.length));
  const label = (name: string, samples: readonly number[]) => {
    const median = `${quantile(samples, 0.5).toPrecision(3)} ${unit}`;
    return isTail
      ? `${name}: ${median}`
      : `${name}: ${median} (× ${ratioOf(table, name).toFixed(2)})`;
  };
  const series = rows.map(({ name, samples }, index) => ({
    label: label(name, samples),
    stroke: COLOURS[index % COLOURS.length] ?? "",
    width: name === baseline ? 2 : 1,
    // One round alone makes no line.
    points: { show: samples.length < 10 },
  }));
  const numbers = Array.from({ length: rounds }, (_, round) => round + 1);
  const columns = rows.map(({ samples }) => numbers.map((_, round) => samples[round] || null));
  const options: uPlot.Options = {
    title: `${title} (${browser}, ${page})`,
    width: 640,
    height: 260,
    scales: SCALES,
    axes: [{ label: "round" }, { label: unit, size: 70 }],
    series: [{ label: "round" }, ...series],
  };
  const { root } = new uPlot(options, [numbers, ...columns]);
  document.querySelector("main")?.append(root);
}

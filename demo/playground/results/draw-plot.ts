/** Draws lines with uPlot. Fetched with the first plot. */

import "uplot/dist/uPlot.min.css";
import UPlot from "uplot";
import type { Plot } from "./result-view.ts";

const HEIGHT = 260;
/** More points than this are lines; fewer are bars, so that each one is seen. */
const MAX_BARS = 60;

/** Draws into an element, as wide as it is. @returns A function that removes it. */
export function drawPlot(holder: HTMLElement, { names, lines }: Plot): () => void {
  const colours = colourNames.map((name) => colourOf(holder, name));
  const [accent = "", faint, line] = colours;
  const isBars = (lines[0]?.length ?? 0) <= MAX_BARS && lines.length === 2;
  const axis = {
    stroke: faint ?? "",
    grid: { stroke: line ?? "", width: 1 },
    ticks: { stroke: line ?? "", width: 1 },
    font: "12px system-ui, sans-serif",
  };
  const bars = UPlot.paths.bars?.({ size: [0.7, 40] });
  const plot = new UPlot(
    {
      width: holder.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: {
        x: { time: false, ...(isBars ? { range: (_, low, high) => [low - 0.5, high + 0.5] } : {}) },
      },
      axes: [axis, { ...axis, size: 64 }],
      series: [
        {},
        ...names.slice(1).map((name, index) => ({
          label: name,
          stroke: index === 0 ? accent : (faint ?? ""),
          width: isBars ? 0 : 1.5,
          ...(isBars && bars !== undefined ? { paths: bars, fill: accent } : {}),
          points: { show: false },
        })),
      ],
    },
    lines.map((values) => [...values]) as unknown as UPlot.AlignedData,
    holder,
  );
  const resizes = new ResizeObserver(() =>
    plot.setSize({ width: holder.clientWidth, height: HEIGHT }),
  );
  resizes.observe(holder);
  return () => {
    resizes.disconnect();
    plot.destroy();
  };
}

const colourNames = ["--accent", "--ink-faint", "--line"] as const;

function colourOf(element: Element, name: string): string {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/** A small live plot of durations, by uPlot. Fetched with the second call. */

import "uplot/dist/uPlot.min.css";
import UPlot from "uplot";
import { durationText } from "../../duration.ts";

const HEIGHT = 92;
const plots = new WeakMap<HTMLElement, UPlot>();

/** Draws them into an element, or replaces those that it shows. */
export function drawDurations(holder: HTMLElement, durations: readonly number[]): void {
  const data: UPlot.AlignedData = [durations.map((_, index) => index), [...durations]];
  const shown = plots.get(holder);
  if (shown === undefined) plots.set(holder, createPlot(holder, data));
  else {
    shown.setSize({ width: holder.clientWidth, height: HEIGHT });
    shown.setData(data);
  }
}

function createPlot(holder: HTMLElement, data: UPlot.AlignedData): UPlot {
  const style = getComputedStyle(holder);
  const accent = style.getPropertyValue("--accent");
  return new UPlot(
    {
      width: holder.clientWidth,
      height: HEIGHT,
      padding: [8, 4, 4, 4],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { range: (_, _low, high) => [0, high * 1.1 || 1] } },
      axes: [
        { show: false },
        {
          stroke: style.getPropertyValue("--ink-faint"),
          grid: { stroke: style.getPropertyValue("--line"), width: 1 },
          ticks: { show: false },
          font: "11px system-ui, sans-serif",
          size: 58,
          space: 28,
          values: (_, ticks) => ticks.map((ms) => (ms === 0 ? "0" : durationText(ms, 0))),
        },
      ],
      series: [{}, { stroke: accent, width: 1.5, points: { show: true, size: 4, fill: accent } }],
    },
    data,
    holder,
  );
}

/** How long calls take and what the plugin is, at a glance. */

import { useEffect, useRef } from "preact/hooks";
import { durationText } from "../../duration.ts";
import { byteText } from "../byte-text.ts";
import { workspace } from "../workspace/workspace.ts";

export function GaugesPanel() {
  const plugin = workspace.plugin.value;
  const calls = workspace.calls.value;
  if (plugin === undefined) return null;
  const [last] = calls;
  return (
    <section class="card panel" aria-labelledby="gauges-title">
      <h2 id="gauges-title" class="visually-hidden">
        Gauges
      </h2>
      <dl class="gauges">
        <div>
          <dt>Last call</dt>
          <dd>{last === undefined ? "–" : durationText(last.durationMs, 0)}</dd>
        </div>
        <div>
          <dt>Restarts</dt>
          <dd>{plugin.restarts}</dd>
        </div>
        <div>
          <dt>Memory</dt>
          <dd>{byteText(plugin.memoryBytes)}</dd>
        </div>
        <div class="gauge-wide">
          <dt>Interrupted by</dt>
          <dd class="gauge-words">{INTERRUPTIONS[plugin.interruption]}</dd>
        </div>
      </dl>
      <CallTimes />
    </section>
  );
}

const INTERRUPTIONS = {
  epoch: "a flag in shared memory",
  fuel: "counting instructions",
  terminate: "ending its worker",
} as const;

/** The last calls, drawn when there are two. */
function CallTimes() {
  const holder = useRef<HTMLDivElement>(null);
  const durations = workspace.callDurations.value;
  useEffect(() => {
    if (durations.length < 2 || holder.current === null) return;
    const element = holder.current;
    let isCurrent = true;
    void import("./draw-durations.ts").then(({ drawDurations }) => {
      if (isCurrent) drawDurations(element, durations);
    });
    return () => {
      isCurrent = false;
    };
  }, [durations]);
  if (durations.length < 2) return null;
  return (
    <div
      ref={holder}
      class="call-times"
      role="img"
      aria-label={`The time of the last ${durations.length} calls, the longest ${durationText(Math.max(...durations), 0)}`}
    />
  );
}

/** Attacks on the page, and the page that goes on: each is answered with a typed error. */

import { useEffect, useRef, useState } from "preact/hooks";
import { durationText } from "../../duration.ts";
import { byteText } from "../byte-text.ts";
import type { CallRecord } from "../workspace/call-record.ts";
import { workspace } from "../workspace/workspace.ts";
import { ATTACKS, type Attack } from "./attacks.ts";
import { FrameMeter } from "./frame-meter.ts";

export function AttackPanel() {
  const [answers, setAnswers] = useState<ReadonlyMap<string, CallRecord>>(new Map());
  const [running, setRunning] = useState<string>();
  const meter = useFrameMeter();
  const isReady = workspace.plugin.value !== undefined;
  const attack = async (attacks: readonly Attack[]) => {
    meter.begin();
    for (const { functionName, timeoutMs } of attacks) {
      setRunning(functionName);
      const record = await makeAttack(functionName, timeoutMs);
      if (record !== undefined) setAnswers((before) => new Map(before).set(functionName, record));
    }
    setRunning(undefined);
  };
  return (
    <div class="panel-body attack-panel">
      <div class="attack-scene" data-running={running === undefined ? undefined : ""}>
        <svg class="attack-jar" viewBox="0 0 32 32" aria-hidden="true">
          <path class="mark-glass" d="M7 27V16a9 9 0 0 1 18 0v11z" />
          <rect class="mark-plugin" x="12.5" y="20" width="7" height="7" rx="1.6" />
          <path class="mark-line" d="M7 27V16a9 9 0 0 1 18 0v11M4 28h24" />
          <path class="mark-shine" d="M10.6 17.2v-1.4a5.4 5.4 0 0 1 3-4.8" />
          <circle class="mark-knob" cx="16" cy="4.6" r="1.9" />
        </svg>
        <div class="attack-frames">
          <dl class="attack-numbers">
            <div>
              <dt>This frame of the page took</dt>
              <dd ref={meter.gap}>–</dd>
            </div>
            <div>
              <dt>The longest since the attack began</dt>
              <dd ref={meter.longest} class="longest-frame">
                –
              </dd>
            </div>
          </dl>
          <canvas
            ref={meter.canvas}
            class="frame-chart"
            role="img"
            aria-label="The time of each frame of this page, up to 100 ms"
          />
        </div>
      </div>
      <p class="docs">
        The plugin runs in a worker of its own, with limits: time for a call, 64 MB of memory, 1 MB
        of output. Each attack ends in a typed error, the page keeps drawing, and a fresh instance
        takes the next call.
      </p>
      <button
        type="button"
        class="button primary"
        disabled={!isReady || running !== undefined}
        onClick={() => void attack(ATTACKS)}
      >
        Run all six
      </button>
      <ol class="attacks">
        {ATTACKS.map((each) => (
          <li key={each.functionName} class="attack">
            <div class="attack-head">
              <h3>{each.title}</h3>
              <p>{each.detail}</p>
            </div>
            <button
              type="button"
              class="button"
              aria-label={`Run: ${each.title}`}
              disabled={!isReady || running !== undefined}
              onClick={() => void attack([each])}
            >
              {running === each.functionName ? "Running" : "Run"}
            </button>
            <p class="attack-answer" role="status">
              <Answer record={answers.get(each.functionName)} />
            </p>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Answer({ record }: { readonly record: CallRecord | undefined }) {
  if (record === undefined) return null;
  const { outcome, durationMs } = record;
  const time = <span class="report-time">after {durationText(durationMs, 0)}</span>;
  if (outcome.kind === "value") {
    const taken = typeof outcome.value === "bigint" ? Number(outcome.value) : 0;
    return (
      <>
        <code class="attack-class" data-kind="value">
          Refused
        </code>{" "}
        {time} It got {byteText(taken)}, and then no more.
      </>
    );
  }
  const { error } = outcome;
  return (
    <>
      <code class="attack-class">{error instanceof Error ? error.name : "Thrown"}</code> {time}{" "}
      {error instanceof Error ? error.message : String(error)}
    </>
  );
}

async function makeAttack(
  functionName: string,
  timeoutMs: number,
): Promise<CallRecord | undefined> {
  const result = workspace.plugin
    .peek()
    ?.schema?.functions.find(({ name }) => name === functionName)?.result;
  if (result === undefined) return undefined;
  return workspace.call(functionName, [], {
    argumentsJson: "[]",
    result,
    timeoutMs,
  });
}

function useFrameMeter() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const gap = useRef<HTMLElement>(null);
  const longest = useRef<HTMLElement>(null);
  const meter = useRef<FrameMeter>();
  useEffect(() => {
    if (canvas.current === null) return;
    meter.current = new FrameMeter(canvas.current, ({ gapMs, longestMs }) => {
      if (gap.current !== null) gap.current.textContent = `${gapMs.toFixed(0)} ms`;
      if (longest.current !== null) longest.current.textContent = `${longestMs.toFixed(0)} ms`;
    });
    return () => meter.current?.stop();
  }, []);
  return { canvas, gap, longest, begin: () => meter.current?.begin() };
}

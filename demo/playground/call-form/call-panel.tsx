/** Calls the functions of the open plugin: a form for the arguments, the result, and the calls before. */

import type { FunctionDescription } from "cloche";
import { printFunction } from "cloche/schema";
import { History } from "../results/history.tsx";
import { ResultCard } from "../results/result-card.tsx";
import { workspace } from "../workspace/workspace.ts";
import { Field } from "./fields.tsx";
import {
  args,
  call,
  callChosen,
  chooseFunction,
  chosen,
  described,
  setArguments,
} from "./form-state.ts";
import { withItem } from "./json-value.ts";
import { RawArguments } from "./raw-arguments.tsx";
import { StateTypes } from "./state-types.tsx";

export function CallPanel() {
  const plugin = workspace.plugin.value;
  const description = chosen.value;
  if (plugin === undefined) {
    return <p class="quiet-text">No plugin is running. Restart it, or open one of the gallery.</p>;
  }
  return (
    <div class="panel-body call-panel">
      {description === undefined ? null : (
        <form
          class="call-form"
          aria-label={`Call ${description.name}`}
          onSubmit={(event) => {
            event.preventDefault();
            void callChosen();
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            void callChosen();
          }}
        >
          <FunctionChooser functions={described.value} description={description} />
          {description.params.map(({ name, type }, index) => (
            <Field
              key={`${description.name}/${index}`}
              label={name === "_" ? `argument ${index + 1}` : name}
              type={type}
              value={args.value[index]}
              path={`/${index}`}
              onChange={(next) => setArguments(withItem(args.peek(), index, next))}
            />
          ))}
          <CallBar description={description} />
          <RawArguments />
        </form>
      )}
      <ResultCard />
      <History />
      <StateTypes />
    </div>
  );
}

function FunctionChooser({
  functions,
  description,
}: {
  readonly functions: readonly FunctionDescription[];
  readonly description: FunctionDescription;
}) {
  return (
    <div class="function-head">
      {functions.length > 1 && (
        <div class="function-choice">
          <label for="function">Function</label>
          <select
            id="function"
            class="text-field"
            value={description.name}
            onChange={(event) => chooseFunction(event.currentTarget.value)}
          >
            {functions.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
      <code class="signature">{printFunction(description)}</code>
      {description.docs !== "" && <p class="docs">{description.docs}</p>}
    </div>
  );
}

function CallBar({ description }: { readonly description: FunctionDescription }) {
  const isRunning = workspace.state.value.kind === "running";
  const problems = call.value.problems.size;
  return (
    <div class="call-bar">
      <button
        type="submit"
        class="button primary"
        disabled={isRunning || problems > 0}
        title="Ctrl+Enter"
      >
        {isRunning ? "Running" : `Call ${description.name}`}
      </button>
      <label class="time-limit">
        Time limit
        <select
          class="text-field"
          value={String(workspace.timeLimitMs.value)}
          onChange={(event) => {
            workspace.timeLimitMs.value = Number(event.currentTarget.value);
          }}
        >
          {TIME_LIMITS.map(([limitMs, text]) => (
            <option key={limitMs} value={String(limitMs)}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {problems > 0 && (
        <p class="field-problem" role="status">
          {problems === 1 ? "An argument is" : `${problems} values are`} not complete
        </p>
      )}
    </div>
  );
}

const TIME_LIMITS: readonly (readonly [number, string])[] = [
  [100, "100 ms"],
  [1000, "1 s"],
  [5000, "5 s"],
  [30_000, "30 s"],
];

/** The arguments as JSON, in step with the form. */

import { useId, useRef, useState } from "preact/hooks";
import { args, argumentsJson, listOfJson, setArguments } from "./form-state.ts";
import { printJson } from "./json-value.ts";

export function RawArguments() {
  const id = useId();
  const typed = useRef("");
  const [isWrong, setWrong] = useState(false);
  // What was typed stays as it was typed, while it stands for the same arguments.
  const known = listOfJson(typed.current);
  const isCurrent = isWrong || (known !== undefined && printJson(known) === argumentsJson.value);
  const text = isCurrent ? typed.current : argumentsJson.value;
  return (
    <details class="raw">
      <summary>Arguments as JSON</summary>
      <label class="visually-hidden" for={id}>
        Arguments as JSON
      </label>
      <textarea
        id={id}
        class="text-area"
        rows={Math.min(16, Math.max(3, text.split("\n").length))}
        spellcheck={false}
        value={text}
        aria-invalid={isWrong ? true : undefined}
        aria-describedby={`${id}-note`}
        onInput={(event) => {
          typed.current = event.currentTarget.value;
          const list = listOfJson(typed.current);
          setWrong(list === undefined);
          if (list !== undefined) setArguments(list);
        }}
        onBlur={() => {
          typed.current = "";
          setWrong(false);
        }}
      />
      <p id={`${id}-note`} class={isWrong ? "field-problem" : "field-note"}>
        {isWrong
          ? "This is not a list in JSON yet. The form keeps the last one."
          : `A list of ${args.value.length === 1 ? "one argument" : `${args.value.length} arguments`}. Large whole numbers may be texts; bytes are { "hex": … }, { "text": … } or { "file": … }.`}
      </p>
    </details>
  );
}

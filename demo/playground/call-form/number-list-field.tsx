/** A list of numbers, typed as one text. */

import { useId, useRef } from "preact/hooks";
import { FieldHead, type FieldProps, numberOfText } from "./field-parts.tsx";
import { call } from "./form-state.ts";
import { isJsonList, type JsonValue } from "./json-value.ts";

export function NumberListField({ label, type, value, path, onChange }: FieldProps) {
  const id = useId();
  /** What was typed, as long as it stands for the value: the value has no commas and spaces. */
  const typed = useRef("");
  const list = isJsonList(value) ? value : [];
  const isCurrent = JSON.stringify(numbersOfText(typed.current)) === JSON.stringify(list);
  const text = isCurrent ? typed.current : list.map(String).join(", ");
  const problem = [...call.value.problems].find(
    ([at]) => at === path || at.startsWith(`${path}/`),
  )?.[1];
  return (
    <div class="field-box">
      <FieldHead id={id} label={label} type={type} />
      <textarea
        id={id}
        class="text-area"
        rows={Math.min(8, Math.max(2, Math.ceil(text.length / 60)))}
        spellcheck={false}
        value={text}
        aria-invalid={problem === undefined ? undefined : true}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onInput={(event) => {
          typed.current = event.currentTarget.value;
          onChange(numbersOfText(typed.current));
        }}
      />
      {problem === undefined ? (
        <p class="field-note">
          {list.length.toLocaleString("en")} {list.length === 1 ? "number" : "numbers"}
        </p>
      ) : (
        <p class="field-problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

function numbersOfText(text: string): JsonValue[] {
  return text
    .split(/[\s,;]+/)
    .filter((word) => word !== "")
    .map(numberOfText);
}

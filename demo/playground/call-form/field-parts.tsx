/** What all fields of the form have: a label with the type, and what is wrong. */

import type { TypeDescription } from "cloche";
import { printType } from "cloche/schema";
import { useId } from "preact/hooks";
import { call } from "./form-state.ts";
import type { JsonValue } from "./json-value.ts";

export interface FieldProps {
  readonly label: string;
  readonly type: TypeDescription;
  readonly value: JsonValue | undefined;
  /** Where the value is in the arguments, as in the problems. */
  readonly path: string;
  readonly onChange: (value: JsonValue) => void;
}

interface HeadProps {
  readonly id: string;
  readonly label: string;
  readonly type: TypeDescription;
}

/** The label above a field, with the type. */
export function FieldHead({ id, label, type }: HeadProps) {
  return (
    <div class="field-head">
      <label for={id}>{label}</label>
      <code class="type-name">{shortType(type)}</code>
    </div>
  );
}

const SHOWN_TYPE = 48;

export function shortType(type: TypeDescription): string {
  const text = printType(type);
  return text.length > SHOWN_TYPE ? `${text.slice(0, SHOWN_TYPE)}…` : text;
}

/** What is wrong with the value at a path, and the attributes that tie it to its field. */
export function useProblem(path: string) {
  const id = useId();
  const problem = call.value.problems.get(path);
  return {
    attributes:
      problem === undefined
        ? {}
        : { "aria-invalid": true as const, "aria-describedby": `${id}-problem` },
    message:
      problem === undefined ? null : (
        <p class="field-problem" id={`${id}-problem`}>
          {sentence(problem)}
        </p>
      ),
  };
}

function sentence(problem: string): string {
  return `${problem.charAt(0).toUpperCase()}${problem.slice(1)}`;
}

/** A number where the text is how JavaScript writes it; else the text, which may be half of one. */
export function numberOfText(text: string): JsonValue {
  const number = Number(text);
  return String(number) === text && Number.isFinite(number) ? number : text;
}

/** Bytes: as text, as hexadecimal digits, or from a file. */

import { useId } from "preact/hooks";
import { byteText } from "../byte-text.ts";
import { Choice } from "../choice.tsx";
import { attach, attachment } from "./attachments.ts";
import { FieldHead, type FieldProps, useProblem } from "./field-parts.tsx";
import { bytesOfHex, hexOf } from "./hex.ts";
import { type JsonValue, memberOf } from "./json-value.ts";

const FORMS = ["text", "hex", "file"] as const;
type Form = (typeof FORMS)[number];

export function BytesField({ label, type, value, path, onChange }: FieldProps) {
  const id = useId();
  const { attributes, message } = useProblem(path);
  const form = FORMS.find((name) => memberOf(value, name) !== undefined) ?? "text";
  const member = memberOf(value, form);
  const text = typeof member === "string" ? member : "";
  return (
    <div class="field-box">
      <FieldHead id={id} label={label} type={type} />
      <Choice
        label={`${label}: form`}
        names={FORMS}
        chosen={form}
        onChange={(name) => onChange(inForm(name as Form, value))}
      />
      {form === "file" ? (
        <div class="file-line">
          <input
            id={id}
            type="file"
            {...attributes}
            onChange={async (event) => {
              const [file] = event.currentTarget.files ?? [];
              if (file === undefined) return;
              onChange({ file: attach(file.name, new Uint8Array(await file.arrayBuffer())) });
            }}
          />
          {text !== "" && <p class="field-note">{attachmentText(text)}</p>}
        </div>
      ) : (
        <textarea
          id={id}
          class="text-area"
          rows={2}
          spellcheck={false}
          value={text}
          {...attributes}
          onInput={(event) => onChange({ [form]: event.currentTarget.value })}
        />
      )}
      {message}
    </div>
  );
}

function attachmentText(name: string): string {
  const bytes = attachment(name);
  return bytes === undefined
    ? `${name} is not here any more`
    : `${name}, ${byteText(bytes.length)}`;
}

/** The same bytes in another form, as far as they have one. */
function inForm(form: Form, value: JsonValue | undefined): JsonValue {
  const text = memberOf(value, "text");
  const hex = memberOf(value, "hex");
  if (form === "hex" && typeof text === "string")
    return { hex: hexOf(new TextEncoder().encode(text)) };
  if (form === "text" && typeof hex === "string") {
    return { text: new TextDecoder().decode(bytesOfHex(hex) ?? new Uint8Array()) };
  }
  return { [form]: "" };
}

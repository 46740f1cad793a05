/** The fields of the form: one component for each kind of type. */

import type { MemberDescription, TypeDescription } from "cloche";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { stepNumber } from "../../number-list.ts";
import { Choice } from "../choice.tsx";
import { BytesField } from "./bytes-field.tsx";
import { defaultJson, variantJson } from "./default-json.ts";
import { FieldHead, type FieldProps, numberOfText, shortType, useProblem } from "./field-parts.tsx";
import { book } from "./form-state.ts";
import {
  isJsonList,
  type JsonValue,
  memberOf,
  printJson,
  withItem,
  withMember,
} from "./json-value.ts";
import { NumberListField } from "./number-list-field.tsx";
import { PictureField } from "./picture-field.tsx";
import { isNumberKind, numberListKind, pictureFields } from "./type-book.ts";

/** Deeper fields are edited as JSON: there is no room for their frames. */
const MAX_FRAMES = 6;
/** Items that have fields of their own. */
const MAX_ITEMS = 50;

/** Any value. */
export function Field(props: FieldProps) {
  const type = book.value.resolve(props.type);
  const { value, path, onChange, label } = props;
  if (numberListKind(type, book.value) !== undefined) return <NumberListField {...props} />;
  if (path.split("/").length - 1 > MAX_FRAMES) return <JsonField {...props} />;
  const picture = pictureFields(type, book.value);
  if (picture !== undefined) return <PictureField {...props} fields={picture} />;
  const member = (name: string, of: TypeDescription, title = name) => (
    <Field
      key={name}
      label={title}
      type={of}
      value={memberOf(value, name)}
      path={`${path}/${name}`}
      onChange={(next) => onChange(withMember(value, name, next))}
    />
  );
  switch (type.kind) {
    case "bool":
      return <CheckField {...props} />;
    case "string":
      return <TextField {...props} rows={2} />;
    case "char":
      return <TextField {...props} rows={1} />;
    case "bytes":
    case "fixedBytes":
      return <BytesField {...props} />;
    case "unit":
      return null;
    case "duration":
      return (
        <Frame {...props}>
          <div class="field-row">
            {member("seconds", { kind: "u64" })}
            {member("nanoseconds", { kind: "u32" })}
          </div>
        </Frame>
      );
    case "option":
      return <OptionField {...props} item={type.item} />;
    case "struct":
      return (
        <Frame {...props}>
          <Members members={type.fields} field={member} />
        </Frame>
      );
    case "tuple":
      return (
        <Frame {...props}>
          {type.items.map((item, index) => (
            <ItemField key={index} {...props} item={item} index={index} />
          ))}
        </Frame>
      );
    case "vec":
    case "set":
      return <ListField {...props} item={type.item} />;
    case "map":
      return <ListField {...props} item={{ kind: "tuple", items: [type.key, type.value] }} />;
    case "array":
      return <ListField {...props} item={type.item} length={type.length} />;
    case "enum":
      return <EnumField {...props} variants={type.variants} />;
    case "result": {
      const isOk = memberOf(value, "ok") === true;
      return (
        <Frame {...props}>
          <Choice
            label={`${label}: which`}
            names={["ok", "error"]}
            chosen={isOk ? "ok" : "error"}
            onChange={(name) =>
              onChange(
                name === "ok"
                  ? { ok: true, value: defaultJson(type.value, book.value) }
                  : { ok: false, error: defaultJson(type.error, book.value) },
              )
            }
          />
          {isOk ? member("value", type.value) : member("error", type.error)}
        </Frame>
      );
    }
    default:
      return isNumberKind(type.kind) ? <NumberField {...props} /> : <JsonField {...props} />;
  }
}

function Frame({ label, type, path, children }: FieldProps & { children: ComponentChildren }) {
  const { message } = useProblem(path);
  return (
    <fieldset class="frame">
      <legend>
        {label} <code class="type-name">{shortType(type)}</code>
      </legend>
      {children}
      {message}
    </fieldset>
  );
}

function Members({
  members,
  field,
}: {
  readonly members: readonly MemberDescription[];
  readonly field: (name: string, type: TypeDescription) => ComponentChildren;
}) {
  return <div class="field-grid">{members.map(({ name, type }) => field(name, type))}</div>;
}

function NumberField({ label, type, value, path, onChange }: FieldProps) {
  const id = useId();
  const { attributes, message } = useProblem(path);
  return (
    <div class="field-box">
      <FieldHead id={id} label={label} type={type} />
      <input
        id={id}
        class="text-field"
        inputMode="decimal"
        autocomplete="off"
        spellcheck={false}
        value={textOfNumber(value)}
        {...attributes}
        onInput={(event) => onChange(numberOfText(event.currentTarget.value))}
        onKeyDown={(event) => {
          const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          const steps = event.shiftKey ? step * 10 : step;
          onChange(numberOfText(stepNumber(event.currentTarget.value, steps)));
        }}
      />
      {message}
    </div>
  );
}

function textOfNumber(value: JsonValue | undefined): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "";
}

function CheckField({ label, type, value, path, onChange }: FieldProps) {
  const id = useId();
  const { attributes, message } = useProblem(path);
  return (
    <div class="field-box">
      <div class="check-line">
        <input
          id={id}
          type="checkbox"
          checked={value === true}
          {...attributes}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <label for={id}>{label}</label>
        <code class="type-name">{shortType(type)}</code>
      </div>
      {message}
    </div>
  );
}

function TextField({ label, type, value, path, onChange, rows }: FieldProps & { rows: number }) {
  const id = useId();
  const { attributes, message } = useProblem(path);
  const text = typeof value === "string" ? value : "";
  return (
    <div class="field-box">
      <FieldHead id={id} label={label} type={type} />
      <textarea
        id={id}
        class="text-area"
        rows={Math.min(10, Math.max(rows, text.split("\n").length))}
        spellcheck={false}
        value={text}
        {...attributes}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {message}
    </div>
  );
}

/** A value as JSON, where a form would not help. */
function JsonField({ label, type, value, path, onChange }: FieldProps) {
  const id = useId();
  const { attributes, message } = useProblem(path);
  return (
    <div class="field-box">
      <FieldHead id={id} label={label} type={type} />
      <textarea
        id={id}
        class="text-area"
        rows={3}
        spellcheck={false}
        value={printJson(value ?? null)}
        {...attributes}
        onChange={(event) => {
          try {
            onChange(JSON.parse(event.currentTarget.value) as JsonValue);
          } catch {
            onChange(event.currentTarget.value);
          }
        }}
      />
      {message}
    </div>
  );
}

function OptionField(props: FieldProps & { readonly item: TypeDescription }) {
  const { label, value, path, onChange, item } = props;
  const id = useId();
  const isNested = book.value.isNullable(item);
  const isThere = value !== null && value !== undefined;
  const start = () => {
    const some = defaultJson(item, book.peek());
    return isNested ? { some } : some;
  };
  return (
    <div class="field-box option-box">
      <div class="check-line">
        <input
          id={id}
          type="checkbox"
          checked={isThere}
          onChange={(event) => onChange(event.currentTarget.checked ? start() : null)}
        />
        <label for={id}>Give {label}</label>
      </div>
      {isThere && (
        <Field
          label={label}
          type={item}
          value={isNested ? memberOf(value, "some") : value}
          path={isNested ? `${path}/some` : path}
          onChange={(next) => onChange(isNested ? { some: next } : next)}
        />
      )}
    </div>
  );
}

function ItemField({
  item,
  index,
  value,
  path,
  onChange,
  label,
}: FieldProps & { readonly item: TypeDescription; readonly index: number }) {
  const list = isJsonList(value) ? value : [];
  return (
    <Field
      label={`${label} ${index + 1}`}
      type={item}
      value={list[index]}
      path={`${path}/${index}`}
      onChange={(next) => onChange(withItem(list, index, next))}
    />
  );
}

function ListField(props: FieldProps & { readonly item: TypeDescription; length?: number }) {
  const { label, value, onChange, item, length } = props;
  const list = isJsonList(value) ? value : [];
  return (
    <Frame {...props}>
      {list.slice(0, MAX_ITEMS).map((_, index) => (
        <div key={index} class="list-item">
          <ItemField {...props} index={index} />
          {length === undefined && (
            <button
              type="button"
              class="chip-button"
              aria-label={`Remove ${label} ${index + 1}`}
              onClick={() => onChange(list.filter((_, each) => each !== index))}
            >
              Remove
            </button>
          )}
        </div>
      ))}
      {list.length > MAX_ITEMS && (
        <p class="field-note">and {list.length - MAX_ITEMS} more, in the arguments as JSON</p>
      )}
      {length === undefined && (
        <button
          type="button"
          class="chip-button"
          onClick={() => onChange([...list, defaultJson(item, book.peek())])}
        >
          Add one
        </button>
      )}
    </Frame>
  );
}

function EnumField(props: FieldProps & { readonly variants: readonly MemberDescription[] }) {
  const { label, type, value, path, onChange, variants } = props;
  const id = useId();
  const { attributes, message } = useProblem(path);
  const chosen = variants.find(({ name }) => name === memberOf(value, "type"));
  return (
    <div class="field-box">
      <FieldHead id={id} label={label} type={type} />
      <select
        id={id}
        class="text-field"
        value={chosen?.name ?? ""}
        {...attributes}
        onChange={(event) => {
          const next = variants.find(({ name }) => name === event.currentTarget.value);
          if (next === undefined) return;
          onChange(
            variantJson(next.name, book.peek(), next.type, (of) => defaultJson(of, book.peek())),
          );
        }}
      >
        {variants.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      {chosen !== undefined && chosen.docs !== "" && <p class="field-note">{chosen.docs}</p>}
      {message}
      {chosen !== undefined && book.value.resolve(chosen.type).kind !== "unit" && (
        <Field
          label={chosen.name}
          type={chosen.type}
          value={memberOf(value, "value")}
          path={`${path}/value`}
          onChange={(next) => onChange(withMember(value, "value", next))}
        />
      )}
    </div>
  );
}

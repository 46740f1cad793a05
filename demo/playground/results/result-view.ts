/** In which ways a result can be shown, and which of them says most. */

import type { MemberDescription, TypeDescription } from "cloche";
import {
  isNumberKind,
  numberListKind,
  type PictureFields,
  pictureFields,
  type TypeBook,
} from "../call-form/type-book.ts";
import { isPicture, type Pixels } from "../picture/pixels.ts";

export interface Table {
  readonly columns: readonly string[];
  readonly columnTypes: readonly TypeDescription[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Points over a common axis: `lines[0]` are the positions. */
export interface Plot {
  readonly names: readonly string[];
  readonly lines: readonly (readonly number[])[];
}

export type ResultView =
  | { readonly name: "Picture"; readonly picture: Pixels }
  | { readonly name: "Plot"; readonly plot: Plot }
  | { readonly name: "Table"; readonly table: Table }
  | { readonly name: "Text"; readonly text: string }
  | { readonly name: "Image file"; readonly image: Blob }
  | { readonly name: "Hex"; readonly bytes: Uint8Array }
  | { readonly name: "JSON" };

/** The fewest numbers of which a plot says more than they do. */
const PLOT_NUMBERS = 3;

/** The views of a value, the best one first. The last is always JSON. */
export function viewsOf(described: TypeDescription, value: unknown, book: TypeBook): ResultView[] {
  const type = book.resolve(described);
  switch (type.kind) {
    case "option":
      return value === null || book.isNullable(type.item)
        ? [{ name: "JSON" }]
        : viewsOf(type.item, value, book);
    case "result": {
      const result = value as { ok: true; value: unknown } | { ok: false; error: unknown };
      return result.ok ? viewsOf(type.value, result.value, book) : [{ name: "JSON" }];
    }
    case "string":
    case "char":
      return [{ name: "Text", text: value as string }, { name: "JSON" }];
    case "bytes":
    case "fixedBytes":
      return [...bytesViews(value as Uint8Array<ArrayBuffer>), { name: "JSON" }];
    case "struct": {
      const fields = pictureFields(type, book);
      const picture = fields && pictureOf(fields, value as Record<string, unknown>);
      return [...(picture ? [{ name: "Picture" as const, picture }] : []), { name: "JSON" }];
    }
    default: {
      const plot = plotOf(type, value, book);
      const table = tableOf(type, value, book);
      return [
        ...(plot && (plot.lines[0]?.length ?? 0) >= PLOT_NUMBERS
          ? [{ name: "Plot" as const, plot }]
          : []),
        ...(table && table.rows.length > 0 ? [{ name: "Table" as const, table }] : []),
        { name: "JSON" },
      ];
    }
  }
}

function pictureOf(fields: PictureFields, value: Record<string, unknown>): Pixels | undefined {
  const [width, height] = [Number(value[fields.width]), Number(value[fields.height])];
  const bytes = value[fields.pixels] as Uint8Array<ArrayBuffer>;
  return isPicture(width, height, bytes.length) ? { width, height, bytes } : undefined;
}

const IMAGE_STARTS: readonly (readonly [type: string, start: readonly number[]])[] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
  ["image/webp", [0x52, 0x49, 0x46, 0x46]],
];

function bytesViews(bytes: Uint8Array<ArrayBuffer>): ResultView[] {
  const type = IMAGE_STARTS.find(([, start]) => start.every((byte, at) => bytes[at] === byte))?.[0];
  if (type !== undefined) {
    return [
      { name: "Image file", image: new Blob([bytes], { type }) },
      { name: "Hex", bytes },
    ];
  }
  const text = textOf(bytes);
  return [...(text === undefined ? [] : [{ name: "Text" as const, text }]), { name: "Hex", bytes }];
}

/** Bytes as text, where they are text without control characters. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // oxlint-disable-next-line no-control-regex -- These are what text does not have.
    return text === "" || /[\0-\x08\x0e-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

type Resolved = ReturnType<TypeBook["resolve"]>;

/** The members of what the items of a list have in common: fields of a struct, parts of a tuple. */
function columnsOf(
  type: Resolved,
): readonly Pick<MemberDescription, "name" | "type">[] | undefined {
  if (type.kind === "struct") return type.fields;
  if (type.kind !== "tuple") return undefined;
  return type.items.map((item, index) => ({ name: String(index), type: item }));
}

function itemTypeOf(type: Resolved, book: TypeBook): Resolved | undefined {
  if (type.kind === "vec" || type.kind === "array" || type.kind === "set") {
    return book.resolve(type.item);
  }
  if (type.kind === "map") return { kind: "tuple", items: [type.key, type.value] };
  return undefined;
}

function cellsOf(item: unknown, type: Resolved): readonly unknown[] {
  if (type.kind === "struct") {
    return type.fields.map(({ name }) => (item as Record<string, unknown>)[name]);
  }
  return item as unknown[];
}

function tableOf(type: Resolved, value: unknown, book: TypeBook): Table | undefined {
  const numbers = numberListKind(type, book);
  if (numbers !== undefined) {
    const rows = [...(value as Iterable<unknown>)].map((item, index) => [index, item]);
    const types = [{ kind: "u32" }, { kind: numbers }] as TypeDescription[];
    return { columns: ["", "value"], columnTypes: types, rows };
  }
  const item = itemTypeOf(type, book);
  if (item === undefined) return undefined;
  const columns = columnsOf(item);
  const items = [...(value as Iterable<unknown>)];
  if (columns === undefined) {
    return { columns: ["value"], columnTypes: [item], rows: items.map((each) => [each]) };
  }
  const names = type.kind === "map" ? ["key", "value"] : columns.map(({ name }) => name);
  return {
    columns: names,
    columnTypes: columns.map(({ type }) => type),
    rows: items.map((each) => cellsOf(each, item)),
  };
}

/** Numbers over their position, or several numbers over the first of them. */
function plotOf(type: Resolved, value: unknown, book: TypeBook): Plot | undefined {
  if (type.kind !== "set" && numberListKind(type, book) !== undefined) {
    const numbers = Array.from(value as Iterable<number | bigint>, Number);
    return { names: ["position", "value"], lines: [numbers.map((_, index) => index), numbers] };
  }
  const item = itemTypeOf(type, book);
  const columns = item && columnsOf(item);
  if (item === undefined || columns === undefined || columns.length < 2) return undefined;
  const isNumeric = columns.every(({ type }) => isNumberKind(book.resolve(type).kind));
  if (!isNumeric) return undefined;
  const rows = Array.from(value as Iterable<unknown>, (each) => cellsOf(each, item).map(Number));
  rows.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  return {
    names: columns.map(({ name }) => name),
    lines: columns.map((_, column) => rows.map((row) => row[column] ?? Number.NaN)),
  };
}

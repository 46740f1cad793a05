/** How a value looks as JavaScript, cut where it is long. */

const MAX_ITEMS = 12;
const MAX_CHARACTERS = 400;

/** The text of a value, such as `[2, 4]` or `{ ok: true, value: 8n }`. */
export function valueText(value: unknown): string {
  const text = textOf(value, 0);
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}

function textOf(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "function";
  if (typeof value !== "object" || value === null) {
    return Object.is(value, -0) ? "-0" : String(value);
  }
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (depth > 3) return "…";
  if (Array.isArray(value)) return listText("[", value, "]", depth);
  if (ArrayBuffer.isView(value)) {
    const { name } = value.constructor;
    return `${name} ${listText("[", [...(value as Uint8Array)], "]", depth)}`;
  }
  if (value instanceof Map || value instanceof Set) {
    return `${value.constructor.name} ${listText("{", [...value], "}", depth)}`;
  }
  const entries = Object.entries(value).map(([key, part]) => `${key}: ${textOf(part, depth + 1)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function listText(start: string, items: readonly unknown[], end: string, depth: number): string {
  const texts = items.slice(0, MAX_ITEMS).map((item) => textOf(item, depth + 1));
  if (items.length > MAX_ITEMS) texts.push(`… ${items.length} in all`);
  return start + texts.join(", ") + end;
}

/** Values as JSON: what the form edits, the raw view shows and a share link carries. */

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isJsonObject(
  value: JsonValue | undefined,
): value is { readonly [name: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of an object. Names come from schemas, so those of `Object.prototype` are no members. */
export function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** An object with one member replaced. */
export function withMember(
  value: JsonValue | undefined,
  name: string,
  member: JsonValue,
): JsonValue {
  const members = isJsonObject(value) ? Object.entries(value) : [];
  const others = members.filter(([each]) => each !== name);
  const at = members.findIndex(([each]) => each === name);
  others.splice(at === -1 ? others.length : at, 0, [name, member]);
  return Object.fromEntries(others);
}

/** A list with one item replaced. */
export function withItem(
  list: readonly JsonValue[],
  index: number,
  item: JsonValue,
): readonly JsonValue[] {
  const copy = [...list];
  copy[index] = item;
  return copy;
}

const SHORT_LINE = 72;

/** JSON with short lists and objects on one line. */
export function printJson(value: JsonValue, indent = ""): string {
  const line = printLine(value);
  if (indent.length + line.length <= SHORT_LINE || typeof value !== "object" || value === null) {
    return line;
  }
  const inner = `${indent}  `;
  if (isJsonList(value)) {
    if (value.every((item) => typeof item !== "object" || item === null)) {
      return `[\n${wrapLine(value.map(printLine), inner)}\n${indent}]`;
    }
    const items = value.map((item) => `${inner}${printJson(item, inner)}`);
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).map(
    ([name, member]) => `${inner}${JSON.stringify(name)}: ${printJson(member, inner)}`,
  );
  return `{\n${members.join(",\n")}\n${indent}}`;
}

function printLine(value: JsonValue): string {
  if (isJsonList(value)) return `[${value.map(printLine).join(", ")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}: ${printLine(member)}`,
  );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function wrapLine(items: readonly string[], indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const [index, item] of items.entries()) {
    const piece = index === items.length - 1 ? item : `${item},`;
    if (line !== "" && indent.length + line.length + piece.length > SHORT_LINE) {
      lines.push(indent + line);
      line = "";
    }
    line = line === "" ? piece : `${line} ${piece}`;
  }
  return [...lines, indent + line].join("\n");
}

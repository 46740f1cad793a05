// The lines of a document, and what each of them is.

export enum LineKind {
  Text,
  Blank,
  Heading,
  /** A fence, or a line between two. */
  Code,
  /** `[name]: target` */
  Definition,
  TableRow,
}

export class Line {
  kind: LineKind = LineKind.Text;

  constructor(
    public start: i32,
    /** Without its line end. */
    public text: string,
  ) {}

  get end(): i32 {
    return this.start + this.text.length;
  }
}

export function readLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start <= text.length) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    const isCrlf = end > start && text.charCodeAt(end - 1) == 0x0d && end < text.length;
    lines.push(new Line(start, text.substring(start, isCrlf ? end - 1 : end)));
    start = end + 1;
  }
  let fence = "";
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    const own = fenceOf(line.text);
    if (fence != "") {
      line.kind = LineKind.Code;
      const closes = own.startsWith(fence) && line.text.trim().length == own.length;
      if (closes) fence = "";
    } else if (own != "") {
      line.kind = LineKind.Code;
      fence = own;
    } else {
      line.kind = kindOf(line.text);
    }
  }
  markTables(lines);
  return lines;
}

/** The backquotes or tildes that a line starts with, if they are a fence. */
function fenceOf(text: string): string {
  const indent = indentOf(text);
  if (indent > 3 || indent == text.length) return "";
  const mark = text.charCodeAt(indent);
  if (mark != 0x60 && mark != 0x7e) return "";
  let end = indent;
  while (end < text.length && text.charCodeAt(end) == mark) end++;
  return end - indent < 3 ? "" : text.substring(indent, end);
}

function kindOf(text: string): LineKind {
  if (text.trim() == "") return LineKind.Blank;
  if (headingLevel(text) > 0) return LineKind.Heading;
  // Indented code, or a part of a list: nothing of it is known for sure.
  if (indentOf(text) > 3) return LineKind.Text;
  const close = text.indexOf("]:");
  return text.trimStart().startsWith("[") && close > text.indexOf("[") + 1
    ? LineKind.Definition
    : LineKind.Text;
}

export function indentOf(text: string): i32 {
  let indent = 0;
  while (indent < text.length && text.charCodeAt(indent) == 0x20) indent++;
  return indent;
}

/** 1 to 6, or 0 for what is no heading. */
export function headingLevel(text: string): i32 {
  let level = 0;
  while (level < text.length && text.charCodeAt(level) == 0x23) level++;
  return level <= 6 && level < text.length && text.charCodeAt(level) == 0x20 ? level : 0;
}

/** The text of a heading, without the marks around it. */
export function headingText(text: string): string {
  const inner = text.substring(headingLevel(text)).trim();
  let end = inner.length;
  while (end > 0 && inner.charCodeAt(end - 1) == 0x23) end--;
  const hasClosing = end < inner.length && (end == 0 || inner.charCodeAt(end - 1) == 0x20);
  return hasClosing ? inner.substring(0, end).trimEnd() : inner;
}

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  const lower = heading.toLowerCase();
  let anchor = "";
  for (let index = 0; index < lower.length; index++) {
    const code = lower.charCodeAt(index);
    const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code > 0x7f;
    if (isLetter || code == 0x2d || code == 0x5f) anchor += lower.charAt(index);
    else if (code == 0x20) anchor += "-";
  }
  return anchor;
}

/** Marks the rows of tables: a row, a line of dashes with as many cells, and the rows below. */
function markTables(lines: Line[]): void {
  for (let index = 1; index < lines.length; index++) {
    const head = lines[index - 1];
    const rule = lines[index];
    if (head.kind != LineKind.Text || rule.kind != LineKind.Text) continue;
    if (!head.text.trim().startsWith("|") || !isTableRule(rule.text)) continue;
    if (cellsOf(head.text).length != cellsOf(rule.text).length) continue;
    for (let row = index - 1; row < lines.length; row++) {
      const line = lines[row];
      if (line.kind != LineKind.Text || !line.text.trim().startsWith("|")) break;
      line.kind = LineKind.TableRow;
    }
  }
}

function isTableRule(text: string): bool {
  if (!text.trim().startsWith("|")) return false;
  const cells = cellsOf(text);
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index];
    const dashes = cell.replaceAll("-", "");
    if (dashes.length == cell.length) return false;
    if (dashes != "" && dashes != ":" && dashes != "::") return false;
    if (cell.substring(1, cell.length - 1).includes(":")) return false;
  }
  return cells.length > 0;
}

/** The trimmed cells of a row that starts with a bar. A bar behind a backslash or in code is a part of a cell. */
export function cellsOf(text: string): string[] {
  const row = text.trim();
  const cells: string[] = [];
  let start = 1;
  let isCode = false;
  for (let index = 1; index < row.length; index++) {
    const code = row.charCodeAt(index);
    if (code == 0x5c) index++;
    else if (code == 0x60) isCode = !isCode;
    else if (code == 0x7c && !isCode) {
      cells.push(row.substring(start, index).trim());
      start = index + 1;
    }
  }
  const rest = row.substring(start).trim();
  if (rest != "") cells.push(rest);
  return cells;
}

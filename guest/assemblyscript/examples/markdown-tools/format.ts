import { Result } from "@cloche/assemblyscript";
import { Edit, FormatOptions } from "./editor";
import { cellsOf, headingLevel, headingText, indentOf, Line, LineKind, readLines } from "./lines";

/**
 * Edits that tidy tables, headings, the marks of lists, and blank lines. Text stays as it is, and so does
 * code.
 */
export function format(text: string, options: FormatOptions): Result<Edit[], string> {
  const lines = readLines(text);
  const edits: Edit[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (line.kind == LineKind.TableRow) {
      index = formatTable(lines, index, edits);
    } else if (line.kind == LineKind.Blank && index > 0 && lines[index - 1].kind == LineKind.Blank) {
      // The blank lines at the end of the text are below.
      const isAtEnd = index == lines.length - 1;
      if (!isAtEnd) edits.push(new Edit(line.start, lines[index + 1].start, ""));
    } else {
      replaceLine(line, tidy(line), edits);
    }
  }
  endWithOneLine(text, lines, edits);
  return Result.ok<Edit[], string>(edits);
}

function replaceLine(line: Line, tidied: string, edits: Edit[]): void {
  if (tidied != line.text) edits.push(new Edit(line.start, line.end, tidied));
}

function tidy(line: Line): string {
  if (line.kind == LineKind.Code) return line.text;
  if (line.kind == LineKind.Blank) return "";
  if (line.kind == LineKind.Heading)
    return `${"#".repeat(headingLevel(line.text))} ${headingText(line.text)}`.trimEnd();
  const trimmed = withoutSpaceAtEnd(line.text);
  const indent = indentOf(trimmed);
  const mark = indent < trimmed.length ? trimmed.charCodeAt(indent) : 0;
  const isItem = (mark == 0x2a || mark == 0x2b) && trimmed.charAt(indent + 1) == " ";
  // A line such as "* * *" is a rule.
  if (!isItem || isRule(trimmed)) return trimmed;
  return `${trimmed.substring(0, indent)}-${trimmed.substring(indent + 1)}`;
}

function isRule(text: string): bool {
  return text.replaceAll("*", "").trim() == "";
}

/** Two spaces or more at the end of a line break it, and become two. */
function withoutSpaceAtEnd(text: string): string {
  const trimmed = text.trimEnd();
  return text.endsWith("  ") ? `${trimmed}  ` : trimmed;
}

/** Pads the cells of a table. Returns the index of its last line. */
function formatTable(lines: Line[], first: i32, edits: Edit[]): i32 {
  let last = first;
  while (last + 1 < lines.length && lines[last + 1].kind == LineKind.TableRow) last++;
  const rows: string[][] = [];
  const widths: i32[] = [];
  for (let index = first; index <= last; index++) {
    const cells = cellsOf(lines[index].text);
    // The line of dashes has no width of its own.
    for (let column = 0; column < cells.length; column++) {
      if (widths.length <= column) widths.push(3);
      if (index != first + 1) widths[column] = max(widths[column], widthOf(cells[column]));
    }
    rows.push(cells);
  }
  const rule = rows[1];
  for (let row = 0; row < rows.length; row++) {
    const cells = rows[row];
    let text = "|";
    for (let column = 0; column < cells.length; column++) {
      const align = column < rule.length ? rule[column] : "---";
      text += row == 1 ? ` ${dashes(align, widths[column])} |` : ` ${pad(cells[column], align, widths[column])} |`;
    }
    const line = lines[first + row];
    replaceLine(line, line.text.substring(0, indentOf(line.text)) + text, edits);
  }
  return last;
}

function dashes(align: string, width: i32): string {
  const left = align.startsWith(":");
  const right = align.endsWith(":");
  const count = width - (left ? 1 : 0) - (right ? 1 : 0);
  return `${left ? ":" : ""}${"-".repeat(count)}${right ? ":" : ""}`;
}

function pad(cell: string, align: string, width: i32): string {
  const space = width - widthOf(cell);
  const isRight = align.endsWith(":");
  const before = !isRight ? 0 : align.startsWith(":") ? space / 2 : space;
  return `${" ".repeat(before)}${cell}${" ".repeat(space - before)}`;
}

/** How many columns a text takes: two for the wide characters of East Asia and for emoji. */
function widthOf(text: string): i32 {
  let width = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.codePointAt(index);
    if (code > 0xffff) index++;
    const isCombining = (code >= 0x300 && code <= 0x36f) || code == 0x200d || (code >= 0xfe00 && code <= 0xfe0f);
    const isWide =
      (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0x1f300 && code <= 0x1faff);
    width += isCombining ? 0 : isWide ? 2 : 1;
  }
  return width;
}

/** Lets the text end with one line end, unless it is empty. */
function endWithOneLine(text: string, lines: Line[], edits: Edit[]): void {
  let last = lines.length - 1;
  while (last >= 0 && lines[last].kind == LineKind.Blank) last--;
  if (last < 0) return;
  const end = lines[last].end;
  const rest = text.substring(end);
  if (rest == "\n" || rest == "\r\n") return;
  // In the place of what was to be done to the blank lines.
  while (edits.length > 0 && <i32>edits[edits.length - 1].start > end) edits.pop();
  edits.push(new Edit(end, text.length, "\n"));
}

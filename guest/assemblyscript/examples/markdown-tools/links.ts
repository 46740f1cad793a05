// References and anchors: what a document links to in itself.

import { anchorOf, headingText, Line, LineKind } from "./lines";

/** A link to a name or an anchor of the document: what stands between its brackets, and where. */
export class Link {
  constructor(
    public start: i32,
    public end: i32,
    public target: string,
    public isAnchor: bool,
  ) {}
}

/** What a name or an anchor stands for. */
export class Target {
  constructor(
    public name: string,
    public start: i32,
    public end: i32,
    /** The address of a definition, the text of a heading. */
    public text: string,
  ) {}
}

/** Names are compared without their case. */
export function normalize(name: string): string {
  return name.trim().toLowerCase();
}

/** `[name]: target` */
export function definitionsOf(lines: Line[]): Target[] {
  const found: Target[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (line.kind != LineKind.Definition) continue;
    const open = line.text.indexOf("[");
    const close = line.text.indexOf("]:");
    const name = line.text.substring(open + 1, close);
    // A footnote is another thing.
    if (name.startsWith("^")) continue;
    const text = line.text.substring(close + 2).trim();
    found.push(new Target(name, line.start + open + 1, line.start + close, text));
  }
  return found;
}

/** The headings by their anchors: of two that are alike the second gets `-1`. */
export function anchorsOf(lines: Line[]): Target[] {
  const found: Target[] = [];
  const counts = new Map<string, i32>();
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (line.kind != LineKind.Heading) continue;
    const text = headingText(line.text);
    const anchor = anchorOf(text);
    const count = counts.has(anchor) ? counts.get(anchor) : 0;
    counts.set(anchor, count + 1);
    const name = count == 0 ? anchor : `${anchor}-${count}`;
    found.push(new Target(name, line.start, line.end, text));
  }
  return found;
}

/** `[text][name]`, `[name][]` and `[text](#anchor)`, outside of code. */
export function linksOf(lines: Line[]): Link[] {
  const found: Link[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (line.kind == LineKind.Code || line.kind == LineKind.Definition) continue;
    findLinks(line, found);
  }
  return found;
}

function findLinks(line: Line, found: Link[]): void {
  const text = line.text;
  let open = -1;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code == 0x5c) {
      index++;
    } else if (code == 0x60) {
      index = endOfCode(text, index);
    } else if (code == 0x5b) {
      open = index;
    } else if (code == 0x5d && open >= 0) {
      const next = index + 1 < text.length ? text.charCodeAt(index + 1) : 0;
      const close = next == 0x5b ? text.indexOf("]", index + 2) : next == 0x28 ? text.indexOf(")", index + 2) : -1;
      if (close >= 0) {
        const inner = text.substring(index + 2, close);
        if (next == 0x5b) {
          const isShort = inner == "";
          const start = isShort ? open + 1 : index + 2;
          const end = isShort ? index : close;
          found.push(new Link(line.start + start, line.start + end, text.substring(start, end), false));
        } else if (inner.startsWith("#")) {
          found.push(new Link(line.start + index + 3, line.start + close, inner.substring(1), true));
        }
        index = close;
      }
      open = -1;
    }
  }
}

/** Where the code that starts with a backquote ends; where it starts, if it has no end. */
function endOfCode(text: string, start: i32): i32 {
  let length = 0;
  while (start + length < text.length && text.charCodeAt(start + length) == 0x60) length++;
  const close = text.indexOf("`".repeat(length), start + length);
  return close < 0 ? start + length - 1 : close + length - 1;
}

export function findTarget(targets: Target[], link: Link): Target | null {
  for (let index = 0; index < targets.length; index++) {
    const name = targets[index].name;
    if (link.isAnchor ? name == link.target : normalize(name) == normalize(link.target)) return targets[index];
  }
  return null;
}

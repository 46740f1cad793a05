import { Completion, Completions } from "./editor";
import { readLines } from "./lines";
import { anchorsOf, definitionsOf, Target } from "./links";

/** The names of definitions behind `][`, and the anchors of headings behind `](#`. */
export function complete(text: string, offset: u32): Completions {
  const at = <i32>offset;
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const before = text.substring(at == 0 ? 0 : lineStart, at);
  const name = before.lastIndexOf("][");
  const anchor = before.lastIndexOf("](#");
  if (name < 0 && anchor < 0) return new Completions(offset, offset, []);

  const isAnchor = anchor > name;
  const start = lineStart + (isAnchor ? anchor + 3 : name + 2);
  const close = isAnchor ? ")" : "]";
  if (text.substring(start, at).includes(close)) return new Completions(offset, offset, []);

  // What is behind the offset belongs to the word, up to the end of the link on this line.
  let lineEnd = text.indexOf("\n", at);
  if (lineEnd < 0) lineEnd = text.length;
  const end = text.substring(at, lineEnd).indexOf(close);
  const lines = readLines(text);
  const items = isAnchor ? proposals(anchorsOf(lines)) : proposals(definitionsOf(lines));
  return new Completions(start, end < 0 ? offset : at + end, items);
}

function proposals(targets: Target[]): Completion[] {
  const items: Completion[] = [];
  for (let index = 0; index < targets.length; index++) {
    const target = targets[index];
    items.push(new Completion(target.name, "reference", target.text, target.name));
  }
  return items;
}

import { Hover } from "./editor";
import { readLines } from "./lines";
import { anchorsOf, definitionsOf, findTarget, linksOf } from "./links";

/** What the link at an offset leads to. */
export function hover(text: string, offset: u32): Hover | null {
  const at = <i32>offset;
  const lines = readLines(text);
  const links = linksOf(lines);
  for (let index = 0; index < links.length; index++) {
    const link = links[index];
    if (at < link.start || at > link.end) continue;
    const target = findTarget(link.isAnchor ? anchorsOf(lines) : definitionsOf(lines), link);
    if (target == null) return null;
    return new Hover(link.start, link.end, link.isAnchor ? `The heading “${target.text}”` : target.text);
  }
  return null;
}

import { Diagnostic } from "./editor";
import { headingLevel, LineKind, readLines } from "./lines";
import { anchorsOf, definitionsOf, findTarget, linksOf, normalize } from "./links";

/** Links that lead nowhere, names that are defined twice, and levels of headings that are left out. */
export function diagnose(text: string): Diagnostic[] {
  const lines = readLines(text);
  const found: Diagnostic[] = [];

  const definitions = definitionsOf(lines);
  const anchors = anchorsOf(lines);
  const links = linksOf(lines);
  for (let index = 0; index < links.length; index++) {
    const link = links[index];
    if (findTarget(link.isAnchor ? anchors : definitions, link) != null) continue;
    const message = link.isAnchor
      ? `No heading of this document has the anchor #${link.target}`
      : `Nothing defines [${link.target}]: a line such as "[${link.target}]: https://…" is missing`;
    const code = link.isAnchor ? "missing-anchor" : "missing-reference";
    found.push(new Diagnostic(link.start, link.end, "error", message, code));
  }

  const seen = new Set<string>();
  for (let index = 0; index < definitions.length; index++) {
    const definition = definitions[index];
    const name = normalize(definition.name);
    if (seen.has(name)) {
      const message = `[${definition.name}] is defined above: this line has no effect`;
      found.push(new Diagnostic(definition.start, definition.end, "warning", message, "duplicate-definition"));
    }
    seen.add(name);
  }

  let level = 0;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (line.kind != LineKind.Heading) continue;
    const own = headingLevel(line.text);
    if (level > 0 && own > level + 1) {
      const message = `A heading of level ${own} follows one of level ${level}`;
      found.push(new Diagnostic(line.start, line.start + own, "warning", message, "skipped-level"));
    }
    level = own;
  }
  return found;
}

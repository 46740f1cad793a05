/** The anchors of headings, as Git hosts make them. */

/** The anchor of a heading, without the number that tells it from one of the same text. */
export function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

/** The anchors of all headings of a text in Markdown. */
export function anchorsOf(markdown: string): string[] {
  return Array.from(markdown.matchAll(/^#+ (.*)$/gm), ([, heading = ""]) => slugOf(heading));
}

// The smallest plugin for an editor: see docs/editors.md.

class Diagnostic {
  constructor(
    public start: u32,
    public end: u32,
    public severity: string,
    public message: string,
    public code: string,
  ) {}
}

/** Marks what is still to be done. */
export function diagnose(text: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (let at = text.indexOf("TODO"); at >= 0; at = text.indexOf("TODO", at + 4)) {
    found.push(new Diagnostic(at, at + 4, "info", "This is still to be done", "todo"));
  }
  return found;
}

/** Strings are in UTF-16 here, and so are the offsets. */
export function offset_unit(): string {
  return "utf-16";
}

// The types of the interface between editors and plugins.

/** How the user wants a document formatted. */
export class FormatOptions {
  /** One level of indentation: a tab, or spaces. */
  indent: string = "";
  /** How long lines may become, in characters. */
  line_width: u32 = 0;
}

/** Replaces what is between two offsets. */
export class Edit {
  constructor(
    public start: u32,
    public end: u32,
    public text: string,
  ) {}
}

/** Something to say of the text between two offsets. */
export class Diagnostic {
  constructor(
    public start: u32,
    public end: u32,
    /** "error", "warning", "info" or "hint". */
    public severity: string,
    public message: string,
    /** The name of the rule. */
    public code: string,
  ) {}
}

/** One proposal for what the user is typing. */
export class Completion {
  constructor(
    public label: string,
    /** What it is, for its icon. */
    public kind: string,
    /** Stands behind the label. */
    public detail: string,
    /** The text to insert. */
    public insert: string,
  ) {}
}

/** Proposals, each for the text between two offsets. */
export class Completions {
  constructor(
    public start: u32,
    public end: u32,
    public items: Completion[],
  ) {}
}

/** What there is to know about the text between two offsets. */
export class Hover {
  constructor(
    public start: u32,
    public end: u32,
    public text: string,
  ) {}
}

/** The strings of AssemblyScript are in UTF-16. */
export function offset_unit(): string {
  return "utf-16";
}

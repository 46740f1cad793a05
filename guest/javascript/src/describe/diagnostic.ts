/** Something in the sources of a plugin that its author should know. */
export interface Diagnostic {
  /** An error prevents the build. */
  readonly severity: "error" | "warning";
  readonly message: string;
  /** The file, as it was given. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A source that is no module. */
export class SourceSyntaxError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic, cause: unknown) {
    super(diagnostic.message, { cause });
    this.diagnostic = diagnostic;
  }
}

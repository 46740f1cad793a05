/** Tells Vite what compilers say, with the places in the sources: they are shown in its overlay. */

import { relative } from "node:path";
import type { Diagnostic } from "./builders/builder.ts";

/** The part of the context of a hook that reports. */
interface Reporter {
  readonly warn: (report: Report) => void;
  readonly error: (report: Report) => never;
}

interface Report {
  readonly message: string;
  readonly id?: string;
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number };
}

/** Reports each warning, then all errors as one. @throws that error */
export function reportDiagnostics(
  reporter: Reporter,
  diagnostics: readonly Diagnostic[],
  root: string,
): void {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  for (const warning of diagnostics.filter(({ severity }) => severity === "warning")) {
    reporter.warn(reportOf(warning));
  }
  const [first, ...others] = errors;
  if (first === undefined) return;
  const message = [first.message, ...others.map((each) => print(each, root))].join("\n");
  reporter.error(reportOf({ ...first, message }));
}

/** Vite adds the place to the message, and the line itself. */
function reportOf({ message, file, line, column = 1 }: Diagnostic): Report {
  if (file === undefined) return { message };
  if (line === undefined) return { message, id: file };
  // The column is one of Rollup's, from 0.
  return { message, id: file, loc: { file, line, column: column - 1 } };
}

function print({ message, file, line, column }: Diagnostic, root: string): string {
  if (file === undefined) return message;
  const place = [relative(root, file), line, column].filter((each) => each !== undefined);
  return `${place.join(":")}: ${message}`;
}

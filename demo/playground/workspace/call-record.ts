/** One call that was made, as the history shows it. */

import type { TypeDescription } from "cloche";

export type Outcome =
  | { readonly kind: "value"; readonly value: unknown; readonly type: TypeDescription }
  | { readonly kind: "error"; readonly error: unknown };

export interface CallRecord {
  readonly id: number;
  readonly functionName: string;
  /** The arguments in the form of the raw view. */
  readonly argumentsJson: string;
  readonly durationMs: number;
  /** When it ended, in milliseconds since 1970. */
  readonly endedAtMs: number;
  readonly outcome: Outcome;
}

/** What the page and the worker with the compilers tell each other. */

import type { SourceDiagnostic } from "./source-diagnostic.ts";
import type { LanguageId } from "./write-language.ts";

export interface CompileRequest {
  readonly language: LanguageId;
  readonly source: string;
}

export interface CompileResult {
  /** The plugin. Absent if there are errors. */
  readonly wasm?: Uint8Array<ArrayBuffer> | undefined;
  readonly diagnostics: readonly SourceDiagnostic[];
  readonly durationMs: number;
}

/** `loaded` comes before the first result: the compiler has arrived. */
export type CompilerMessage =
  | { readonly kind: "loaded" }
  | ({ readonly kind: "compiled" } & CompileResult)
  /** The compiler threw. Nothing in its worker can be trusted to work again. */
  | { readonly kind: "crashed"; readonly message: string };

import type * as Monaco from "monaco-editor";

/** What this package needs of Monaco: `monaco-editor`, or the smaller `monaco-editor/editor`. */
export type MonacoApi = Pick<
  typeof Monaco,
  "editor" | "languages" | "KeyCode" | "KeyMod" | "MarkerSeverity"
>;

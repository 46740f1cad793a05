/** The functions that an editor's plugin may have, as codecs: `editor.schema` in the code of the page. */

import { t, type ValueOf } from "cloche";

/** A document that stays on the page, and is read by the plugin where it needs it. */
export interface PageDocument {
  readonly bytes: Uint8Array;
}

export const documentResource = t.resource<PageDocument>("Document");

const formatOptions = t.struct({ indent: t.string, line_width: t.u32 });
const edit = t.struct({ start: t.u32, end: t.u32, text: t.string });
const diagnostic = t.struct({
  start: t.u32,
  end: t.u32,
  severity: t.string,
  message: t.string,
  code: t.string,
});
const completion = t.struct({
  label: t.string,
  kind: t.string,
  detail: t.string,
  insert: t.string,
});
const completions = t.struct({ start: t.u32, end: t.u32, items: t.vec(completion) });
const hover = t.struct({ start: t.u32, end: t.u32, text: t.string });

/** For each function its parameters behind the document, and its result. */
export const TOOL_FUNCTIONS = {
  format: { params: [formatOptions], result: t.result(t.vec(edit), t.string) },
  diagnose: { params: [], result: t.vec(diagnostic) },
  complete: { params: [t.u32], result: completions },
  hover: { params: [t.u32], result: t.option(hover) },
} as const;

/** What an editor asks a plugin for. */
export type ToolKind = keyof typeof TOOL_FUNCTIONS;

/** Arguments behind the document. */
export interface ToolArguments {
  readonly format: readonly [ValueOf<typeof formatOptions>];
  readonly diagnose: readonly [];
  readonly complete: readonly [offset: number];
  readonly hover: readonly [offset: number];
}

/** Answers as the plugin gave them, of the right types and otherwise unchecked. */
export type PluginAnswers = {
  readonly [Kind in ToolKind]: ValueOf<(typeof TOOL_FUNCTIONS)[Kind]["result"]>;
};

/** What a share link carries: all of it stands in the fragment, which no browser sends to a server. */

/** A file as it stands in a link: text, or bytes in base 64. */
export type SharedFile = { readonly text: string } | { readonly base64: string };

export interface ShareState {
  /** The entry of the gallery. */
  readonly entry: string;
  readonly functionName?: string;
  /** The arguments in the form of the raw view. */
  readonly argumentsJson?: string;
  /** Files by their paths, without the slash at the start. */
  readonly files?: Readonly<Record<string, SharedFile>>;
  /** The source of a plugin that is written on the page, by its language. */
  readonly source?: { readonly language: string; readonly text: string };
}

/** Whoever wrote a link may have written anything into it. */
const MAX_NAME = 200;
const MAX_TEXT = 200_000;
const MAX_FILES = 200;

/**
 * Checks what a link holds.
 *
 * @returns The state with nothing else in it, or `undefined`.
 */
export function readShareState(data: unknown): ShareState | undefined {
  if (!isRecord(data) || !isText(data["entry"], MAX_NAME)) return undefined;
  const { functionName, argumentsJson, files, source } = data;
  if (functionName !== undefined && !isText(functionName, MAX_NAME)) return undefined;
  if (argumentsJson !== undefined && !isText(argumentsJson, MAX_TEXT)) return undefined;
  const readFiles = files === undefined ? undefined : filesOf(files);
  if (files !== undefined && readFiles === undefined) return undefined;
  const readSource = source === undefined ? undefined : sourceOf(source);
  if (source !== undefined && readSource === undefined) return undefined;
  return {
    entry: data["entry"],
    ...(functionName === undefined ? {} : { functionName }),
    ...(argumentsJson === undefined ? {} : { argumentsJson }),
    ...(readFiles === undefined ? {} : { files: readFiles }),
    ...(readSource === undefined ? {} : { source: readSource }),
  };
}

function filesOf(data: unknown): ShareState["files"] {
  if (!isRecord(data)) return undefined;
  const entries = Object.entries(data);
  if (entries.length > MAX_FILES) return undefined;
  const read = entries.map(([path, file]) => [path, fileOf(path, file)] as const);
  if (read.some(([, file]) => file === undefined)) return undefined;
  return Object.fromEntries(read) as Record<string, SharedFile>;
}

function fileOf(path: string, data: unknown): SharedFile | undefined {
  const names = path.split("/");
  const isPath = names.every((name) => name !== "" && name !== "." && name !== "..");
  if (!isPath || path.length > MAX_NAME || path.includes("\0") || !isRecord(data)) return undefined;
  const { text, base64 } = data;
  if (isText(text, MAX_TEXT)) return { text };
  return isText(base64, MAX_TEXT) && /^[A-Za-z0-9+/]*={0,2}$/.test(base64) ? { base64 } : undefined;
}

function sourceOf(data: unknown): ShareState["source"] {
  if (!isRecord(data)) return undefined;
  const { language, text } = data;
  return isText(language, MAX_NAME) && isText(text, MAX_TEXT) ? { language, text } : undefined;
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function isText(data: unknown, longest: number): data is string {
  return typeof data === "string" && data.length <= longest;
}

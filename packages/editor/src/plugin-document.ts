/** How a plugin gets the document: as text, as a file of its own, or as a resource. */

import { type Codec, type HostFunction, hostFunction, type Plugin, t } from "cloche";
import { documentResource, type PageDocument } from "./editor-interface.ts";

/** The name of a parameter decides between text and path: both are strings. */
export type DocumentForm = "text" | "file" | "resource";

/** What a plugin's schema says of the document that a function takes; without a schema it is text. */
export function documentForm({ schema }: Plugin, functionName: string): DocumentForm {
  const parameter = schema?.functions.find(({ name }) => name === functionName)?.params[0];
  if (parameter?.type.kind === "borrow") return "resource";
  return parameter?.name === "path" || parameter?.name === "_path" ? "file" : "text";
}

/** The codec of the first parameter. */
export const DOCUMENT_CODECS = {
  text: t.string,
  file: t.string,
  resource: t.borrow(documentResource),
} as const satisfies Record<DocumentForm, Codec<unknown, never>>;

/** What a plugin calls to read a resource. Only bytes that the document has: the guest chooses the numbers. */
export const DOCUMENT_HOST_FUNCTIONS = {
  document_length: hostFunction(
    [t.borrow(documentResource)],
    t.u32,
    ({ bytes }: PageDocument) => bytes.length,
  ),
  document_read: hostFunction(
    [t.borrow(documentResource), t.u32, t.u32],
    t.bytes,
    ({ bytes }: PageDocument, start: number, end: number) =>
      bytes.subarray(start, Math.max(start, end)),
  ),
} as const satisfies Record<string, HostFunction>;

/** Hands a text over. Returns the first argument of the call. */
export async function handOver(
  plugin: Plugin,
  form: DocumentForm,
  path: string,
  text: string,
): Promise<string | PageDocument> {
  if (form === "text") return text;
  if (form === "resource") return { bytes: new TextEncoder().encode(text) };
  // Each time: the plugin may have written to it.
  await plugin.files.write(path, text);
  return path;
}

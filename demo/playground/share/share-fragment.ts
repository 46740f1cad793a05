/** A share state as the fragment of an address: JSON, compressed, in base 64. */

import { readShareState, type ShareState } from "./share-state.ts";

const START = "#share=";
/** Longer links are cut by messengers and browsers. */
export const MAX_FRAGMENT = 60_000;
/** Bytes of JSON that a link may unpack to: a short one could hold gigabytes. */
const MAX_JSON_BYTES = 1_000_000;

export async function fragmentOfState(state: ShareState): Promise<string> {
  const json = new Blob([JSON.stringify(state)]).stream();
  const bytes = new Response(json.pipeThrough(new CompressionStream("deflate-raw")));
  return START + base64UrlOf(new Uint8Array(await bytes.arrayBuffer()));
}

/** @returns `undefined` for a fragment that is no state, whoever wrote it. */
export async function stateOfFragment(fragment: string): Promise<ShareState | undefined> {
  if (!fragment.startsWith(START) || fragment.length > MAX_FRAGMENT) return undefined;
  const bytes = bytesOfBase64Url(fragment.slice(START.length));
  if (bytes === undefined) return undefined;
  try {
    const text = await unpacked(bytes);
    return text === undefined ? undefined : readShareState(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MAX_JSON_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function base64UrlOf(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function bytesOfBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

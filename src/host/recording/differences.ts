/** Tells in words what went another way in a replay than in its recording. */

import { cutText } from "../../wording/cut-text.ts";
import { decodeBytes, type RecordedAnswer, type RecordedEnd } from "./recording.ts";

/** What was recorded and what was replayed, in words. */
export type Difference = readonly [recorded: string, replayed: string];

type Exit = Extract<RecordedEnd, { readonly kind: "exit" }>;

/** Of data that is shown: a guest, or who wrote the recording, may have made much of it. */
const MAX_SHOWN_CHARS = 1000;

/** Shows the bytes of a result as the value that they are; `undefined` if its type is unknown. */
export type ShowResult = (bytes: string) => string | undefined;

/** How a call or a command ended in another way. Results are compared by their bytes, errors by their class. */
export function differencesOf(
  recorded: RecordedEnd,
  replayed: RecordedEnd,
  showResult?: ShowResult,
): readonly Difference[] {
  if (recorded.kind === "exit" && replayed.kind === "exit") {
    return [
      ...exitCodes(recorded, replayed),
      ...outputs("stdout", recorded, replayed),
      ...outputs("stderr", recorded, replayed),
      ...files(recorded, replayed),
    ];
  }
  if (isSame(recorded, replayed)) return [];
  const [then, now] = [describeEnd(recorded, showResult), describeEnd(replayed, showResult)];
  // Values that look alike have other bytes.
  return [then === now ? [describeEnd(recorded), describeEnd(replayed)] : [then, now]];
}

/** A host call, or a read of standard input. */
export function describeHostCall(
  asked: Pick<RecordedAnswer, "functionName" | "args"> | undefined,
): string {
  if (asked === undefined) return "no host call";
  if (asked.functionName === null) return "a read of stdin";
  return `host call "${asked.functionName}" with ${cut(base64(asked.args))}`;
}

function isSame(recorded: RecordedEnd, replayed: RecordedEnd): boolean {
  if (recorded.kind === "result" && replayed.kind === "result") {
    return recorded.bytes === replayed.bytes;
  }
  if (recorded.kind === "error" && replayed.kind === "error") {
    return recorded.name === replayed.name;
  }
  return recorded.kind === replayed.kind;
}

function describeEnd(end: RecordedEnd, showResult?: ShowResult): string {
  switch (end.kind) {
    case "result":
      return `returned ${cut(showResult?.(end.bytes) ?? base64(end.bytes))}`;
    case "exit":
      return `exited with ${end.exitCode}`;
    case "error":
      return `${end.name}: ${end.message}`;
    case "timeout":
      return "timed out";
    case "stopped":
      return "was stopped by the page, or the plugin was closed";
  }
}

function exitCodes(recorded: Exit, replayed: Exit): readonly Difference[] {
  if (recorded.exitCode === replayed.exitCode) return [];
  return [[describeEnd(recorded), describeEnd(replayed)]];
}

/** Shows output as text, from where it differs. */
function outputs(
  stream: "stdout" | "stderr",
  recorded: Exit,
  replayed: Exit,
): readonly Difference[] {
  if (recorded[stream] === replayed[stream]) return [];
  const [then, now] = [decodeBytes(recorded[stream]), decodeBytes(replayed[stream])];
  let from = 0;
  while (from < then.length && then[from] === now[from]) from++;
  const shownFrom = (bytes: Uint8Array) => {
    const text = new TextDecoder().decode(bytes.subarray(from, from + MAX_SHOWN_CHARS));
    const place = from === 0 ? "" : ` from byte ${from}`;
    return `${stream}${place} ${JSON.stringify(text)}${more(from + MAX_SHOWN_CHARS < bytes.length)}`;
  };
  return [[shownFrom(then), shownFrom(now)]];
}

function files(recorded: Exit, replayed: Exit): readonly Difference[] {
  const then = new Map(Object.entries(recorded.files));
  const now = new Map(Object.entries(replayed.files));
  const paths = new Set([...then.keys(), ...now.keys()]);
  return [...paths]
    .filter((path) => then.get(path) !== now.get(path))
    .map((path) => [describeFile(path, then.get(path)), describeFile(path, now.get(path))]);
}

function describeFile(path: string, content: string | null | undefined): string {
  if (content === undefined) return `left ${JSON.stringify(path)} as it was`;
  if (content === null) return `removed ${JSON.stringify(path)}`;
  if (path.endsWith("/")) return `made ${JSON.stringify(path)}`;
  return `wrote ${cut(base64(content))} to ${JSON.stringify(path)}`;
}

function base64(bytes: string): string {
  return bytes === "" ? "no bytes" : bytes;
}

function cut(text: string): string {
  return cutText(text, MAX_SHOWN_CHARS) + more(text.length > MAX_SHOWN_CHARS);
}

function more(isCut: boolean): string {
  return isCut ? "…" : "";
}

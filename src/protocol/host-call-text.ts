/**
 * Host calls and answers of few bytes, as they are posted: as text. A browser takes half as long again for
 * a message that is an object with bytes.
 *
 * A call is `<ticket> <run> <index> <arguments>`, an answer `<ticket> <result>`, with a character for
 * each byte.
 */

import type { HostCall, PostedAnswer } from "./messages.ts";

/** The maximum number of bytes that are posted as text. */
export const MAX_TEXT_BYTES = 512;

const CALL_HEAD = /^(-?\d{1,10}) (\d{1,15}) (\d{1,9}) /;

type FunctionCall = Extract<HostCall, { kind: "function" }>;

/** The text of a call, whose arguments are few. */
export function callText({ ticket, run, index, args }: FunctionCall): string {
  return `${ticket} ${run} ${index} ${textOf(args)}`;
}

/** The call of a function in a text from a worker, which may be any; `undefined` if it is none. */
export function readCallText(text: string): FunctionCall | undefined {
  const [head, ticket, run, index] = CALL_HEAD.exec(text) ?? [];
  if (head === undefined || text.length > head.length + MAX_TEXT_BYTES) return undefined;
  return {
    kind: "function",
    ticket: Number(ticket),
    run: Number(run),
    index: Number(index),
    args: bytesOf(text, head.length),
  };
}

/** The text of a function's answer, whose result is short. */
export function answerText(ticket: number, result: Uint8Array): string {
  return `${ticket} ${textOf(result)}`;
}

/** The answer in a text from the page. */
export function readAnswerText(text: string): PostedAnswer {
  const end = text.indexOf(" ");
  const ticket = Number(text.slice(0, end));
  return { kind: "function", ticket, result: bytesOf(text, end + 1) };
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function bytesOf(text: string, start: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length - start);
  for (let index = 0; index < bytes.length; index++) bytes[index] = text.charCodeAt(start + index);
  return bytes;
}

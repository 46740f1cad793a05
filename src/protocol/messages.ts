/**
 * The shapes of all messages between a page and a plugin's worker, and the predicates that check every
 * message that arrives. What a worker posts is as hostile as its guest.
 */

import type { FileChanges } from "../files/changes/file-changes.ts";
import { isFileChanges } from "./file-changes.ts";
import { isOutputChunk, type OutputChunk, type OutputFd } from "./output-chunk.ts";
import { isBytes, isCount, isListOf, isRecord } from "./shapes.ts";
import { isWireError } from "./wire-error.ts";
import { isWorkerMethod, type WorkerApi } from "./worker-api.ts";

/** The name of the Comlink transfer handler for bytes. */
export const BYTES_HANDLER = "bytes";

/** The name under which Comlink sends what was thrown. */
export const THROW_HANDLER = "throw";

/** What a worker posts on its own. */
export type Notice =
  /** The worker's script has run and it takes requests. */
  | { readonly notice: "ready" }
  /** The guest has written to its stdout or stderr. */
  | ({ readonly notice: "output" } & OutputChunk)
  /** The guest's output in this call exceeded `limits.outputBytes`. */
  | { readonly notice: "truncated"; readonly fd: OutputFd }
  /** The fuel that the guest has used since it started, in all calls together. */
  | { readonly notice: "fuel"; readonly used: number }
  /** The guest's linear memory has grown to so many bytes. */
  | { readonly notice: "memory"; readonly memoryBytes: number };

export function isNotice(data: unknown): data is Notice {
  if (!isRecord(data)) return false;
  switch (data["notice"]) {
    case "ready":
      return true;
    case "output":
      return isOutputChunk(data);
    case "truncated":
      return data["fd"] === 1 || data["fd"] === 2;
    case "fuel":
      return isCount(data["used"]);
    case "memory":
      return isCount(data["memoryBytes"]);
    default:
      return false;
  }
}

/** The reply to a request: a plain value, bytes, or an error. */
export interface Reply {
  readonly id: string;
  /** The handler, or `undefined` for a plain value. */
  readonly name?: typeof BYTES_HANDLER | typeof THROW_HANDLER;
  readonly value: unknown;
  /** What has changed in the worker's files since its last reply. */
  readonly changes?: FileChanges;
}

/** Whether a message to the page is a {@link Reply}. */
export function isReply(data: unknown): data is Reply {
  if (!isRecord(data) || typeof data["id"] !== "string") return false;
  if (data["changes"] !== undefined && !isFileChanges(data["changes"])) return false;
  if (data["type"] === "RAW") return data["name"] === undefined;
  if (data["type"] !== "HANDLER") return false;
  return (
    (data["name"] === BYTES_HANDLER && isBytes(data["value"])) ||
    (data["name"] === THROW_HANDLER && isWireError(data["value"]))
  );
}

/** The call of a method of `WorkerApi`. */
export interface Request {
  readonly id: string;
  readonly path: readonly [method: keyof WorkerApi];
}

/** Whether a message to the worker is a {@link Request}. */
export function isRequest(data: unknown): data is Request {
  if (!isRecord(data) || typeof data["id"] !== "string" || data["type"] !== "APPLY") return false;
  const { path, argumentList } = data;
  return (
    Array.isArray(path) &&
    path.length === 1 &&
    isWorkerMethod(path[0]) &&
    isListOf(argumentList, isArgument, MAX_ARGUMENTS)
  );
}

/** Of all methods of `WorkerApi`. */
const MAX_ARGUMENTS = 3;

function isArgument(data: unknown): data is object {
  if (!isRecord(data)) return false;
  if (data["type"] === "RAW") return true;
  return data["type"] === "HANDLER" && data["name"] === BYTES_HANDLER && isBytes(data["value"]);
}

/**
 * Tells a worker that has nothing to do yet to load a guest of its own: see `worker/rehearsal.ts`. Not
 * counted with the other messages. A second one changes nothing.
 */
export interface Rehearsal {
  readonly rehearse: true;
}

export const REHEARSAL: Rehearsal = { rehearse: true };

export function isRehearsal(data: unknown): data is Rehearsal {
  return isRecord(data) && data["rehearse"] === true;
}

/** A guest's request to the page. */
export type HostRequest =
  /**
   * A host function, by its index in `StartOptions.hostFunctions`, with its encoded arguments, and the
   * number of the run that calls it: 0 for the start, then one for each call or command.
   */
  | {
      readonly kind: "function";
      readonly run: number;
      readonly index: number;
      readonly args: Uint8Array;
    }
  /** The next bytes of standard input. */
  | { readonly kind: "stdin" };

/** A {@link HostRequest} as it is posted, or as `host-call-text.ts` has it. */
export type HostCall = HostRequest & {
  /** The ticket from the last answer of this kind: see `host-calls.ts`. */
  readonly ticket: number;
};

export function isHostCall(data: unknown): data is HostCall {
  if (!isRecord(data) || typeof data["ticket"] !== "number") return false;
  if (data["kind"] === "stdin") return true;
  const isNumbered = isCount(data["index"]) && isCount(data["run"]);
  return data["kind"] === "function" && isNumbered && isBytes(data["args"]);
}

/**
 * The page's answer to a {@link HostCall}: the encoded result or the input, or `undefined` when the
 * host function or the source failed. The cause stays on the page, which raises the error.
 */
export type HostAnswer = Uint8Array | undefined;

/** The same as it is posted, or as `host-call-text.ts` has it. */
export interface PostedAnswer {
  readonly kind: HostRequest["kind"];
  /** The ticket for the next call of this kind. */
  readonly ticket: number;
  readonly result: HostAnswer;
}

/** Whether a message to the worker is a {@link PostedAnswer}. */
export function isPostedAnswer(data: unknown): data is PostedAnswer {
  return isRecord(data) && "ticket" in data;
}

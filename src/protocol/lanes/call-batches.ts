/** The messages of the lane that calls go by, and the check of those that come from a worker. */

import type { FileChanges } from "../../files/changes/file-changes.ts";
import type { Limits } from "../../limits.ts";
import { changeTransfer, isFileChanges } from "../file-changes.ts";
import { isBytes, isCount, isListOf, isPartOfBuffer, isRecord } from "../shapes.ts";
import { isWireError, type WireError } from "../wire-error.ts";
import { readFrames } from "./call-frames.ts";
import type { CallReply } from "./call-lane.ts";

/** How many calls a worker is given before it has replied to the first of them. */
export const MAX_CALLS_IN_FLIGHT = 1024;

/** What the head of a reply's frame says. */
export const REPLY = { result: 0, thrown: 1 } as const;

/** Calls, to the worker. */
export interface CallBatch {
  /** See `call-frames.ts`. */
  readonly calls: Uint8Array;
  readonly separate?: readonly Uint8Array[];
}

/** Replies, from the worker, in the order of the calls. */
export interface ReplyBatch {
  /** See `call-frames.ts`. */
  readonly replies: Uint8Array;
  readonly separate?: readonly Uint8Array[];
  /** What calls have thrown, in the order of the calls. */
  readonly thrown?: readonly WireError[];
  /** What has changed in the worker's files since its last message. */
  readonly changes?: FileChanges;
}

/** Asks a worker to come to the rings: see `shared-lane.ts`. */
export interface RingCall {
  readonly ring: true;
}

export function isRingCall(data: unknown): data is RingCall {
  return isRecord(data) && data["ring"] === true;
}

export function isCallBatch(data: unknown): data is CallBatch {
  return isRecord(data) && data["calls"] instanceof Uint8Array;
}

/** Whether a message to the page is a {@link ReplyBatch}. Its frames are not looked at. */
export function isReplyBatch(data: unknown): data is ReplyBatch {
  if (!isRecord(data) || !isBytes(data["replies"])) return false;
  const { separate, thrown, changes } = data;
  return (
    (separate === undefined || isListOf(separate, isPartOfBuffer, MAX_CALLS_IN_FLIGHT)) &&
    (thrown === undefined || isListOf(thrown, isWireError, MAX_CALLS_IN_FLIGHT)) &&
    (changes === undefined || isFileChanges(changes)) &&
    (separate === undefined || areApart([data["replies"], ...separate], changes))
  );
}

/** Whether all have memory of their own: that of a result is used again. */
function areApart(all: readonly Uint8Array[], changes: FileChanges | undefined): boolean {
  const changed = changes === undefined ? [] : changeTransfer(changes);
  const buffers = [...all.map(({ buffer }) => buffer), ...changed];
  return new Set(buffers).size === buffers.length;
}

/** The replies of a batch, or `undefined` when they are not well-formed, or a result is too long. */
export function repliesOf(
  { replies, separate = [], thrown = [] }: ReplyBatch,
  { messageBytes }: Limits,
): readonly CallReply[] | undefined {
  const frames = readFrames(replies, separate);
  if (frames === undefined) return undefined;
  const read: CallReply[] = [];
  let errors = 0;
  for (const { head, amount: fuelUsed, payload, isSeparate } of frames) {
    if (!isCount(fuelUsed)) return undefined;
    if (head === REPLY.result) {
      if (payload.length > messageBytes) return undefined;
      // A result may stand in the larger buffer of the arguments, which fill at least half of it.
      if (isSeparate && payload.buffer.byteLength > 2 * messageBytes) return undefined;
      read.push({ end: { result: payload, isOwned: isSeparate }, fuelUsed });
      continue;
    }
    const error = thrown[errors];
    if (head !== REPLY.thrown || payload.length > 0 || error === undefined) return undefined;
    errors += 1;
    read.push({ end: { thrown: error }, fuelUsed });
  }
  return errors === thrown.length ? read : undefined;
}

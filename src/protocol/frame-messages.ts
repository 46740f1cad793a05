/**
 * What a page says to the frame that a strictly isolated worker lives in, and the frame to both. The
 * guest has no part in it; but a frame may be in a process that a guest has broken.
 */

import { isRecord } from "./shapes.ts";

/** The page's only message to the frame's window. */
export interface FrameStart {
  /** The text of the worker's script. */
  readonly workerSource: string;
  /** What the worker is called. */
  readonly name: string;
  /** Goes on to the worker, which has the page at the other end from then on. */
  readonly channel: MessagePort;
  /** Where any message asks the frame whether it lives. */
  readonly control: MessagePort;
}

/** What the frame tells the page. */
export type FrameNotice =
  | { readonly notice: "alive" }
  /** The worker did not start, or raised an error that nobody caught. */
  | { readonly notice: "failed"; readonly message: string };

export function isFrameNotice(data: unknown): data is FrameNotice {
  if (!isRecord(data)) return false;
  return (
    data["notice"] === "alive" ||
    (data["notice"] === "failed" && typeof data["message"] === "string")
  );
}

/** The frame's only message to the worker. */
export type ChannelHandover = Pick<FrameStart, "channel">;

export function isChannelHandover(data: unknown): data is ChannelHandover {
  return isRecord(data) && "channel" in data;
}

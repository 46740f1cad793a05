/**
 * Messages between a page and the frame around a strictly isolated worker, and from the frame to the
 * worker. The guest takes no part, but the frame may be in a process that a guest has compromised.
 */

import { isRecord } from "./shapes.ts";

/** The page's only message to the frame's window. */
export interface FrameStart {
  /** The text of the worker's script. */
  readonly workerSource: string;
  /** The worker's name. */
  readonly name: string;
  /** The worker's end of its channel to the page, which the frame passes on. */
  readonly channel: MessagePort;
  /** The port for pings. Any message is one. */
  readonly control: MessagePort;
}

/** The frame's messages to the page. */
export type FrameNotice =
  | { readonly notice: "alive" }
  /** The worker did not start, or raised an uncaught error. */
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

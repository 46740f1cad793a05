/**
 * The script of the frame that a strictly isolated worker lives in: starts the worker, hands it the
 * page's channel, and from then on only tells that it lives.
 */

import type { ChannelHandover, FrameNotice, FrameStart } from "../protocol/frame-messages.ts";
import { trustedBlobUrl } from "../protocol/trusted-types.ts";

const onStart = ({ data, source }: MessageEvent<FrameStart>): void => {
  if (source !== parent) return;
  removeEventListener("message", onStart);
  const { workerSource, name, channel, control } = data;
  const tell = (notice: FrameNotice): void => control.postMessage(notice, []);
  control.addEventListener("message", () => tell({ notice: "alive" }));
  control.start();
  try {
    const url = URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" }));
    const worker = new Worker(trustedBlobUrl(url), { name });
    URL.revokeObjectURL(url);
    worker.addEventListener("error", ({ message }) =>
      tell({ notice: "failed", message: message ?? "no reason given" }),
    );
    worker.postMessage({ channel } satisfies ChannelHandover, [channel]);
  } catch (error) {
    tell({ notice: "failed", message: String(error) });
  }
};
addEventListener("message", onStart);

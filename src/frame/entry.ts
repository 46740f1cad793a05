/**
 * The script of the frame of a strictly isolated plugin: starts the worker, passes the page's channel
 * to it, and then only answers pings.
 */

import type { ChannelHandover, FrameNotice, FrameStart } from "../protocol/frame-messages.ts";
import { trustedScriptUrl } from "../protocol/trusted-types.ts";

const onStart = ({ data, source }: MessageEvent<FrameStart>): void => {
  if (source !== parent) return;
  removeEventListener("message", onStart);
  const { workerSource, name, channel, control } = data;
  const notify = (notice: FrameNotice): void => control.postMessage(notice, []);
  control.addEventListener("message", () => notify({ notice: "alive" }));
  control.start();
  try {
    const url = addressOf(workerSource);
    const worker = new Worker(trustedScriptUrl(url), { name });
    URL.revokeObjectURL(url);
    worker.addEventListener("error", ({ message }) =>
      notify({ notice: "failed", message: message ?? "no reason given" }),
    );
    worker.postMessage({ channel } satisfies ChannelHandover, [channel]);
  } catch (error) {
    notify({ notice: "failed", message: String(error) });
  }
};

/**
 * The address of a script. In an isolated frame, which only WebKit makes of one with an opaque origin, no worker
 * starts from a blob.
 */
function addressOf(script: string): string {
  if (crossOriginIsolated) return `data:text/javascript,${encodeURIComponent(script)}`;
  return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
}

addEventListener("message", onStart);

/** Exposes a plugin on an engine to the page that started this worker, and nothing else. */

import { expose } from "comlink";
import { type Channel, portChannel } from "../protocol/channel.ts";
import { guardedEndpoint, installTransferHandlers } from "../protocol/comlink-endpoint.ts";
import { tellingChanges } from "../protocol/file-changes.ts";
import { isChannelHandover } from "../protocol/frame-messages.ts";
import { isRequest, type Notice } from "../protocol/messages.ts";
import type { CreateEngine } from "./engine.ts";
import { type Kept, lockDown } from "./lock-down.ts";
import { PluginWorker } from "./plugin-worker.ts";

/** Locks the worker down, answers the page's requests from then on, and tells it so. */
export function serve(createEngine: CreateEngine): void {
  const kept = lockDown();
  installTransferHandlers();
  serveOn(kept.channel, createEngine, kept);
}

function serveOn(channel: Channel, createEngine: CreateEngine, kept: Kept): void {
  const notify = (notice: Notice): void => {
    channel.postMessage(notice, notice.notice === "output" ? [notice.bytes.buffer] : []);
  };
  const worker = new PluginWorker(createEngine, kept, notify);
  const answers = tellingChanges(channel, () => worker.takeChanges());
  const admits = (data: unknown): boolean => {
    // A frame has started this worker, and hands the page's channel over.
    if (isChannelHandover(data)) serveOn(portChannel(data.channel), createEngine, kept);
    // What is no request is dropped: the page is trusted, and there is nobody to tell.
    return isRequest(data);
  };
  expose(worker, guardedEndpoint(answers, { admits }));
  notify({ notice: "ready" });
}

/** Serves the page that started this worker: it may call the methods of `WorkerApi`, and reaches nothing else. */

import { type Channel, portChannel } from "../protocol/channel.ts";
import { withFileChanges } from "../protocol/file-changes.ts";
import { isChannelHandover } from "../protocol/frame-messages.ts";
import { servePage } from "../protocol/lanes/comlink-lane.ts";
import { isRequest, type Notice } from "../protocol/messages.ts";
import type { WorkerRequests } from "../protocol/worker-api.ts";
import type { CreateEngine } from "./engine.ts";
import { type BrowserApis, lockDown } from "./lock-down.ts";
import { PluginWorker } from "./plugin-worker.ts";
import { fileMethods } from "./worker-files.ts";

/** Locks the worker down, answers the page's requests from then on, and tells it so. */
export function serve(createEngine: CreateEngine): void {
  const apis = lockDown();
  serveOn(apis.channel, createEngine, apis);
}

function serveOn(channel: Channel, createEngine: CreateEngine, apis: BrowserApis): void {
  const notify = (notice: Notice): void => {
    channel.postMessage(notice, notice.notice === "output" ? [notice.bytes.buffer] : []);
  };
  const plugin = new PluginWorker(createEngine, apis, notify);
  const requests: WorkerRequests = {
    hold: (lifeline) => plugin.hold(lifeline),
    compile: (options) => plugin.compile(options),
    receive: (part) => plugin.receive(part),
    prepare: (options) => plugin.prepare(options),
    start: () => plugin.start(),
    run: (timeoutMs) => plugin.run(timeoutMs),
    ...fileMethods(() => plugin.files),
  };
  const replies = withFileChanges(channel, () => plugin.takeChanges());
  const admits = (data: unknown): boolean => {
    // A frame has started this worker, and hands it the page's channel.
    if (isChannelHandover(data)) serveOn(portChannel(data.channel), createEngine, apis);
    // Anything else is dropped: the page is trusted, and nobody would hear of it.
    return isRequest(data);
  };
  servePage(replies, { admits }, requests, (call) => plugin.call(call));
  notify({ notice: "ready" });
}

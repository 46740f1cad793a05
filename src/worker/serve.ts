/** Exposes a plugin on an engine to the page that started this worker, and nothing else. */

import { expose } from "comlink";
import { guardedEndpoint, installTransferHandlers } from "../protocol/comlink-endpoint.ts";
import { tellingChanges } from "../protocol/file-changes.ts";
import { isRequest, type Notice } from "../protocol/messages.ts";
import type { CreateEngine } from "./engine.ts";
import { lockDown } from "./lock-down.ts";
import { PluginWorker } from "./plugin-worker.ts";

/** Locks the worker down, answers the page's requests from then on, and tells it so. */
export function serve(createEngine: CreateEngine): void {
  const kept = lockDown();
  const notify = (notice: Notice): void => {
    kept.channel.postMessage(notice, notice.notice === "output" ? [notice.bytes.buffer] : []);
  };
  const worker = new PluginWorker(createEngine, kept, notify);
  const answers = tellingChanges(kept.channel, () => worker.takeChanges());
  installTransferHandlers();
  // What is no request is dropped: the page is trusted, and there is nobody to tell.
  expose(worker, guardedEndpoint(answers, { admits: isRequest }));
  notify({ notice: "ready" });
}

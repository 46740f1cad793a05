/** Exposes a plugin on an engine to the page that started this worker, and nothing else. */

import { expose } from "comlink";
import { guardedEndpoint, installTransferHandlers } from "../protocol/comlink-endpoint.ts";
import { isRequest, type Notice } from "../protocol/messages.ts";
import type { CreateEngine } from "./engine.ts";
import { PluginWorker } from "./plugin-worker.ts";

interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<unknown>) => void): void;
}

/** Answers the page's requests from now on, and tells it so. */
export function serve(createEngine: CreateEngine): void {
  const scope = globalThis as unknown as WorkerScope;
  const notify = (notice: Notice): void => {
    scope.postMessage(notice, notice.notice === "output" ? [notice.bytes.buffer] : []);
  };
  installTransferHandlers();
  expose(
    new PluginWorker(createEngine, notify),
    // What is no request is dropped: the page is trusted, and there is nobody to tell.
    guardedEndpoint(scope, { accepts: isRequest, other: () => {} }),
  );
  notify({ notice: "ready" });
}

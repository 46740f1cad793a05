/** The worker's script: exposes one plugin to the page that started it, and nothing else. */

import { expose } from "comlink";
import { guardedEndpoint, installTransferHandlers } from "../protocol/comlink-endpoint.ts";
import { isRequest, type Notice } from "../protocol/messages.ts";
import { PluginWorker } from "./plugin-worker.ts";

const scope = globalThis as unknown as DedicatedWorkerScope;

interface DedicatedWorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<unknown>) => void): void;
}

const notify = (notice: Notice): void => {
  scope.postMessage(notice, notice.notice === "output" ? [notice.bytes.buffer] : []);
};

installTransferHandlers();
expose(
  new PluginWorker(notify),
  // What is no request is dropped: the page is trusted, and there is nobody to tell.
  guardedEndpoint(scope, { accepts: isRequest, other: () => {} }),
);
notify({ notice: "ready" });

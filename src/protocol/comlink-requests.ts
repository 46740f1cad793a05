/** Requests to a worker by Comlink, except calls, which go through lanes. */

import { expose, wrap } from "comlink";
import type { Channel } from "./channel.ts";
import { type Guard, guardedEndpoint, installTransferHandlers } from "./comlink-endpoint.ts";
import { type RemoteWorker, remoteWorker, type WorkerApi } from "./worker-api.ts";

/** Connects a page to a worker. */
export function connectWorker(channel: Channel, guard: Guard): RemoteWorker {
  installTransferHandlers();
  return remoteWorker(wrap<RemoteWorker>(guardedEndpoint(channel, guard)));
}

/** Serves a page from inside the worker. The page can call these methods and nothing else. */
export function servePage(channel: Channel, guard: Guard, requests: WorkerApi): void {
  installTransferHandlers();
  expose(requests, guardedEndpoint(channel, guard));
}

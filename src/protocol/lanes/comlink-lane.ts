/** A channel by Comlink: requests to the worker, and the lane that sends each call as one more request. */

import { expose, wrap } from "comlink";
import type { Channel } from "../channel.ts";
import { type Guard, guardedEndpoint, installTransferHandlers } from "../comlink-endpoint.ts";
import {
  type RemoteWorker,
  remoteWorker,
  type WorkerApi,
  type WorkerRequests,
} from "../worker-api.ts";
import type { CallHandler, CallLane } from "./call-lane.ts";

/** The page's end of a channel. */
export interface WorkerConnection {
  readonly requests: Omit<RemoteWorker, "call">;
  readonly calls: CallLane;
}

/** Connects a page to a worker. */
export function connectWorker(channel: Channel, guard: Guard): WorkerConnection {
  installTransferHandlers();
  const remote = remoteWorker(wrap<RemoteWorker>(guardedEndpoint(channel, guard)));
  return {
    requests: remote,
    calls: { call: ({ name, args, timeoutMs }) => remote.call(name, args, timeoutMs) },
  };
}

/** Serves a page from inside the worker: it reaches these methods and nothing else. */
export function servePage(
  channel: Channel,
  guard: Guard,
  requests: WorkerRequests,
  onCall: CallHandler,
): void {
  installTransferHandlers();
  const call: WorkerApi["call"] = (name, args, timeoutMs) => onCall({ name, args, timeoutMs });
  expose({ ...requests, call } satisfies WorkerApi, guardedEndpoint(channel, guard));
}

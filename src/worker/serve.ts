/** Serves the page that started this worker: it can call the methods of `WorkerApi` and nothing else. */

import { type Channel, portChannel } from "../protocol/channel.ts";
import { servePage } from "../protocol/comlink-requests.ts";
import { isFatal } from "../protocol/fatal.ts";
import { withFileChanges } from "../protocol/file-changes.ts";
import { isChannelHandover } from "../protocol/frame-messages.ts";
import { readAnswerText } from "../protocol/host-call-text.ts";
import { isCallBatch, isRingCall } from "../protocol/lanes/call-batches.ts";
import type { CallService } from "../protocol/lanes/call-lane.ts";
import { ServedMessageLane } from "../protocol/lanes/message-lane.ts";
import { ServedRings } from "../protocol/lanes/served-rings.ts";
import {
  type HostCall,
  isPostedAnswer,
  isRehearsal,
  isRequest,
  type Notice,
} from "../protocol/messages.ts";
import type { WorkerApi } from "../protocol/worker-api.ts";
import type { CreateEngine } from "./engine.ts";
import { type BrowserApis, lockDown } from "./lock-down.ts";
import { PluginWorker } from "./plugin-worker.ts";
import { rehearse } from "./rehearsal.ts";
import { fileMethods } from "./worker-files.ts";

/** V8 would keep 10 frames, of which a panic of Rust needs eight for itself. */
const MAX_STACK_FRAMES = 50;

/** Locks the worker down, starts to answer the page's requests, and notifies the page. */
export function serve(createEngine: CreateEngine): void {
  Error.stackTraceLimit = MAX_STACK_FRAMES;
  const apis = lockDown();
  serveOn(apis.channel, createEngine, apis);
}

function serveOn(channel: Channel, createEngine: CreateEngine, apis: BrowserApis): void {
  let messagesReceived = 0;
  let hasNotified = false;
  let hasRehearsed = false;
  let rings: ServedRings | undefined;
  const notify = (notice: Notice): void => {
    lane.flush();
    hasNotified = true;
    channel.postMessage(notice, notice.notice === "output" ? [notice.bytes.buffer] : []);
  };
  const callHost = (call: HostCall | string, transfer: Transferable[]) =>
    channel.postMessage(call, transfer);
  const plugin = new PluginWorker(
    createEngine,
    apis,
    { notify, callHost },
    {
      flush: () => lane.flush(),
      flushWhenDue: () => lane.flushWhenDue(),
    },
  );
  const service: CallService = {
    onCall: (call) => {
      hasNotified = false;
      return plugin.call(call);
    },
    isFatal,
    takeChanges: () => plugin.takeChanges(),
    nowMs: apis.nowMs,
    nextTask: apis.nextTask,
  };
  const lane = new ServedMessageLane({
    ...service,
    post: (message, transfer) => channel.postMessage(message, transfer),
    fuelUsed: () => plugin.fuelUsed,
    mayGather: () => plugin.isMetered,
  });
  const requests: WorkerApi = {
    hold: (lifeline) => plugin.hold(lifeline),
    compile: (options) => plugin.compile(options),
    receive: (part) => plugin.receive(part),
    prepare: (options) => {
      rings =
        options.calls &&
        new ServedRings({
          ...service,
          memory: options.calls,
          messages: lane,
          nextRun: () => plugin.runs,
          hasPosted: () => hasNotified,
          messagesReceived: () => messagesReceived,
        });
      return plugin.prepare(options);
    },
    start: () => plugin.start(),
    hearOutput: () => plugin.hearOutput(),
    run: (timeoutMs) => plugin.run(timeoutMs),
    ...fileMethods(() => plugin.files),
  };
  const replies = withFileChanges(channel, () => {
    lane.flush();
    return plugin.takeChanges();
  });
  const admits = (data: unknown): boolean => {
    if (isRehearsal(data)) {
      if (hasRehearsed) return false;
      hasRehearsed = true;
      // A load that follows fails for the same reason, and tells it.
      rehearse(createEngine, apis).catch(() => {});
      return false;
    }
    messagesReceived += 1;
    // A frame started this worker and passes it the page's channel.
    if (isChannelHandover(data)) serveOn(portChannel(data.channel), createEngine, apis);
    if (isCallBatch(data)) lane.receive(data);
    if (isRingCall(data)) rings?.run();
    if (typeof data === "string") plugin.takeAnswer(readAnswerText(data));
    if (isPostedAnswer(data)) plugin.takeAnswer(data);
    // Anything else is dropped: the page is trusted, and an error would have no receiver.
    return isRequest(data);
  };
  servePage(replies, { admits }, requests);
  notify({ notice: "ready" });
}

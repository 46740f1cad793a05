import type { Channel } from "../../protocol/channel.ts";

/** Where a plugin lives, as the page holds it: a `Worker`, or what stands for one. */
export interface PluginThread extends Channel {
  addEventListener<Type extends "message" | "messageerror" | "error">(
    type: Type,
    listener: (event: WorkerEventMap[Type]) => void,
  ): void;
  terminate(): void;
}

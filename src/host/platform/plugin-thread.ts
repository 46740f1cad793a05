import type { Channel } from "../../protocol/channel.ts";

/** The thread that a plugin runs in: a `Worker`, or an object with the same interface. */
export interface PluginThread extends Channel {
  addEventListener<Type extends "message" | "messageerror" | "error">(
    type: Type,
    listener: (event: WorkerEventMap[Type]) => void,
  ): void;
  terminate(): void;
}

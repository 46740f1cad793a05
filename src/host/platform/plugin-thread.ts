import type { Channel } from "../../protocol/channel.ts";

/** The events of a thread, as far as they are read. */
interface ThreadEvents {
  readonly message: MessageEvent<unknown>;
  readonly messageerror: unknown;
  readonly error: ThreadError;
}

/** A thread has failed, or has ended by itself. */
export type ThreadError = Pick<ErrorEvent, "message" | "error" | "preventDefault">;

/** The thread that a plugin runs in: a `Worker`, or an object with the same interface. */
export interface PluginThread extends Channel {
  addEventListener<Type extends keyof ThreadEvents>(
    type: Type,
    listener: (event: ThreadEvents[Type]) => void,
  ): void;
  terminate(): void;
  /** Told when somebody begins to wait for the thread, and when nobody does any more. */
  setAwaited?(isAwaited: boolean): void;
}

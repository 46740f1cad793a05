import type { CallQueue } from "./calls/call-queue.ts";
import type { EventHub } from "./events/event-hub.ts";
import type { Mounts } from "./files/mount.ts";
import type { Supervisor } from "./instance/supervisor.ts";

/** What closing a plugin takes; nothing in it leads back to the plugin. */
export interface ClosableParts {
  readonly supervisor: Supervisor;
  readonly queue: CallQueue;
  readonly mounts: Mounts;
  readonly events: EventHub;
}

/** Ends a plugin once all calls made so far have settled and its mounts are saved. */
export async function closePlugin({ supervisor, queue, mounts }: ClosableParts): Promise<void> {
  await queue.close();
  try {
    await mounts.save();
  } finally {
    supervisor.terminate({ kind: "closed" });
  }
}

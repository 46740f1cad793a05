/**
 * Closes plugins that the page can no longer reach, whose workers would run for as long as the page.
 *
 * Whatever a worker keeps alive must not lead to a plugin's owner, or that is never collected.
 */

import { type ClosableParts, closePlugin } from "./close-plugin.ts";
import { reportUncaught } from "./time/report-uncaught.ts";

/** Keeps each handle's owner alive for as long as the handle. */
const owners: WeakMap<object, object> = new WeakMap();

/** Created when it is first needed. */
let registry: FinalizationRegistry<ClosableParts> | undefined;

/** Closes a plugin some time after its owner was collected, unless it is closed before. */
export function closeWhenUnreachable(owner: object, parts: ClosableParts): void {
  registry ??= new FinalizationRegistry((parts) => void onUnreachable(parts));
  registry.register(owner, parts, parts);
  void parts.supervisor.closed.then(() => registry?.unregister(parts));
}

/** Lets a handle keep an owner alive that it does not refer to. Returns the handle. */
export function keepAlive<Handle extends object>(handle: Handle, owner: object): Handle {
  owners.set(handle, owner);
  return handle;
}

async function onUnreachable(parts: ClosableParts): Promise<void> {
  const { supervisor } = parts;
  if (supervisor.reason !== undefined) return;
  console.warn(
    `Plugin "${supervisor.pluginName}" was garbage-collected without close(); its worker is terminated`,
  );
  try {
    // The worker replies in order: file operations in flight are done before this one.
    await supervisor.onFiles("exists", "/").catch(() => {});
    await closePlugin(parts);
  } catch (error) {
    // What could not be saved; nobody else is left to hear of it.
    reportUncaught(error);
  }
}

import { PluginClosedError, type PluginError } from "../../errors.ts";

/** Why a plugin takes no more calls. */
export type CloseReason =
  /** `close()` was called and the queue has run empty. */
  | { readonly kind: "closed" }
  /** `terminate(reason)` was called, or a running call was aborted with that reason. */
  | { readonly kind: "terminated"; readonly reason: unknown }
  /** The plugin trapped, exited, ran into a limit, or lost its worker. */
  | { readonly kind: "failed"; readonly error: PluginError };

/** The error of a request that comes after the end, or is cut off by it. */
export function closedError(pluginName: string, reason: CloseReason): PluginClosedError {
  const cause =
    reason.kind === "failed" ? reason.error : "reason" in reason ? reason.reason : undefined;
  return new PluginClosedError(`Plugin "${pluginName}" ${describe(reason)}`, {
    pluginName,
    ...(cause === undefined ? {} : { cause }),
  });
}

function describe(reason: CloseReason): string {
  switch (reason.kind) {
    case "closed":
      return "is closed";
    case "terminated":
      return "was terminated";
    case "failed":
      return `has failed (${reason.error.message})`;
  }
}

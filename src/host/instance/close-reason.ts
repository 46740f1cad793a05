import { PluginClosedError, type PluginError } from "../../errors.ts";

/** Why a plugin takes no more calls. */
export type CloseReason =
  /** `close()` was called and the queue has run empty. */
  | { readonly kind: "closed" }
  /** `terminate(reason)` was called, or a running call was aborted with that reason. */
  | { readonly kind: "terminated"; readonly reason: unknown }
  /** The plugin trapped, exited, ran into a limit, or lost its worker. */
  | { readonly kind: "failed"; readonly error: PluginError };

/** What a request gets that comes after, or is cut off by, the end. */
export function closedError(pluginName: string, reason: CloseReason): PluginClosedError {
  const cause =
    reason.kind === "failed" ? reason.error : "reason" in reason ? reason.reason : undefined;
  return new PluginClosedError(
    `Cannot call plugin "${pluginName}": ${describe(reason)}, expected a live plugin`,
    { pluginName, ...(cause === undefined ? {} : { cause }) },
  );
}

/** Says it in words that follow a colon. */
function describe(reason: CloseReason): string {
  switch (reason.kind) {
    case "closed":
      return "it is closed";
    case "terminated":
      return "it was terminated";
    case "failed":
      return `it failed before (${reason.error.message})`;
  }
}

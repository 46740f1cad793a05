/** Opens a module of the user's: it is inspected, and run as what it is. */

import { openEntry, openTabs } from "../selection.ts";
import { workspace } from "../workspace/workspace.ts";
import { reportOfModule } from "./module-report.ts";

/** What goes wrong is shown as the state of the workspace. */
export async function openModule(file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const kind = kindOf(bytes);
  openEntry.value = undefined;
  openTabs(kind === "command" ? ["terminal", "inspect"] : ["call", "inspect"]);
  if (kind === undefined) openTabs(["inspect", "call"]);
  await workspace.open({ name: file.name, kind: kind ?? "plugin", source: bytes });
}

function kindOf(bytes: Uint8Array<ArrayBuffer>): ReturnType<typeof reportOfModule>["kind"] {
  try {
    return reportOfModule(bytes).kind;
  } catch {
    // The workspace shows what the library says of it.
    return undefined;
  }
}
